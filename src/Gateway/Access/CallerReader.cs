using System.Collections.Concurrent;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>
/// Turns a token into who is asking, for every transport. Throws <see cref="RefusedException"/> (unauthorized) for a token that does not
/// hold; no token is <see cref="Caller.Anonymous"/>. Without a key or an authority nothing can be checked and everybody is anonymous.
/// </summary>
internal sealed class CallerReader
{
    private const int MaxSubject = 256;
    private const int MaxTokenLength = 16 * 1024;
    private const int MaxKnownTokens = 10_000;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>How long a checked token is taken as checked: bounds how long a key that was withdrawn still counts.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenLength };
    private readonly TokenValidationParameters? _rules;
    private readonly TimeProvider _clock;

    public CallerReader(ServerSettings settings, TimeProvider clock)
    {
        _clock = clock;
        if (settings.Auth.Required) _rules = RulesOf(settings.Auth);
    }

    /// <summary>Who sent the request, by its Authorization header or, where a browser cannot send one, by <c>?access_token=</c>.</summary>
    /// <param name="alsoInQuery">True only for SSE and SignalR: addresses end up in logs.</param>
    public ValueTask<Caller> Read(HttpContext http, bool alsoInQuery = false)
    {
        const string Scheme = "Bearer ";
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0)
            return Read(alsoInQuery && http.Request.Query.TryGetValue("access_token", out var query) ? query.ToString() : null);
        var text = header.ToString();
        if (_rules is not null && !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Refused("the Authorization header must be Bearer and a token");
        return Read(_rules is null ? null : text[Scheme.Length..].Trim());
    }

    /// <summary>Who holds this token; null or empty = nobody in particular.</summary>
    public ValueTask<Caller> Read(string? token)
    {
        if (string.IsNullOrEmpty(token) || _rules is null) return new(Caller.Anonymous);
        if (_known.TryGetValue(token, out var known) && _clock.GetUtcNow() < known.Until) return new(known.Caller);
        return Check(token, _rules);
    }

    private async ValueTask<Caller> Check(string token, TokenValidationParameters rules)
    {
        if (token.Length > MaxTokenLength) throw Refused("the token is too long");
        var checkedToken = await _handler.ValidateTokenAsync(token, rules);
        if (!checkedToken.IsValid) throw Refused(WhyNot(checkedToken.Exception));
        var caller = CallerOf((JsonWebToken)checkedToken.SecurityToken);
        Remember(token, caller);
        return caller;
    }

    private static Caller CallerOf(JsonWebToken token)
    {
        var subject = token.Subject;
        if (string.IsNullOrEmpty(subject)) throw Refused("the token has no sub");
        if (subject.Length > MaxSubject || subject.Any(char.IsControl)) throw Refused("the token's sub is too long or holds control characters");
        if (subject == Write.Anonymous) throw Refused($"the sub {Write.Anonymous} is reserved for callers without a token");
        if (subject == Resolution.Server) throw Refused($"the sub {Resolution.Server} is reserved for the server itself");
        return new()
        {
            Author = subject,
            Authenticated = true,
            Roles = [.. token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value)],
            Expires = new DateTimeOffset(token.ValidTo, TimeSpan.Zero),
        };
    }

    private void Remember(string token, Caller caller)
    {
        if (_known.Count >= MaxKnownTokens) _known.Clear();
        var until = _clock.GetUtcNow() + KnownFor;
        _known[token] = (caller, caller.Expires < until ? caller.Expires.Value : until);
    }

    private TokenValidationParameters RulesOf(AuthSettings auth)
    {
        var rules = new TokenValidationParameters
        {
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
            ValidateIssuer = auth.Authority is not null,
            ValidateAudience = auth.Audience is not null,
            ValidAudience = auth.Audience,
            LifetimeValidator = InTime,
        };
        if (auth.Key is { } key)
        {
            rules.IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key));
            rules.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
            return rules;
        }
        rules.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        rules.ConfigurationManager = KeysOf(auth.Authority!);
        return rules;
    }

    private static ConfigurationManager<OpenIdConnectConfiguration> KeysOf(string authority) => new(
        authority.TrimEnd('/') + "/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });

    private bool InTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters rules)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        if (expires is null) throw new SecurityTokenNoExpirationException();
        if (now > expires.Value + Skew) throw new SecurityTokenExpiredException();
        return notBefore is null || now >= notBefore.Value - Skew;
    }

    private static string WhyNot(Exception? failure) => failure switch
    {
        SecurityTokenExpiredException => "the token has expired",
        SecurityTokenNoExpirationException => "the token has no exp",
        SecurityTokenInvalidAudienceException => "the token is for another audience",
        SecurityTokenInvalidIssuerException => "the token is from another issuer",
        SecurityTokenInvalidLifetimeException => "the token does not hold yet",
        _ => "the token is not one that this server trusts",
    };

    private static RefusedException Refused(string why) =>
        new(Codes.Unauthorized, $"Refused: {why}. Send a valid one, or none.");
}
