using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>Turns a request into a plain byte stream that speaks WebSocket, version 13 without extensions (RFC 6455 §4, RFC 8441).</summary>
internal static class Handshake
{
    private const string Version = "13";
    private const int KeyBytes = 16;
    private static readonly byte[] Suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.ToArray();

    /// <summary>The stream of the upgraded connection. Throws <see cref="RefusedException"/> for what is no WebSocket request.</summary>
    public static async Task<Stream> Accept(HttpContext context)
    {
        var connect = context.Features.Get<IHttpExtendedConnectFeature>();
        if (connect is { IsExtendedConnect: true, Protocol: "websocket" })
        {
            CheckVersion(context);
            LiftRates(context);
            return await connect.AcceptAsync();
        }

        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !Asks(context.Request.Headers.Upgrade))
            throw new RefusedException(Codes.Malformed, "This address speaks WebSocket only: open it with new WebSocket(…).");
        CheckVersion(context);
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Answer(context.Request.Headers.SecWebSocketKey);
        LiftRates(context);
        return await upgrade.UpgradeAsync();
    }

    private static bool Asks(StringValues upgrade) => upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private static void CheckVersion(HttpContext context)
    {
        if (context.Request.Headers.SecWebSocketVersion == Version) return;
        context.Response.Headers[HeaderNames.SecWebSocketVersion] = Version;
        throw new RefusedException(Codes.Malformed, "Sec-WebSocket-Version must be 13.");
    }

    private static string Answer(StringValues key)
    {
        Span<byte> nonce = stackalloc byte[KeyBytes];
        if (key is not [{ Length: 24 } text] || !Convert.TryFromBase64String(text, nonce, out var count) || count != KeyBytes)
            throw new RefusedException(Codes.Malformed, "Sec-WebSocket-Key must be 16 bytes in base64.");

        Span<byte> hashed = stackalloc byte[24 + Suffix.Length];
        Encoding.ASCII.GetBytes(text, hashed);
        Suffix.CopyTo(hashed[24..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        // SHA-1 is what the handshake asks for; nothing rests on its strength.
#pragma warning disable CA5350
        SHA1.HashData(hashed, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    /// <summary>A socket may be silent for hours; who stops reading is noticed by the outbox.</summary>
    private static void LiftRates(HttpContext context)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } request)
            request.MinDataRate = null;
        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } response)
            response.MinDataRate = null;
    }
}
