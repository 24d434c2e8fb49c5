using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>The custom policies this silo knows, by the name that settings use (<c>custom:max</c>); names are checked once, at its start.</summary>
internal sealed partial class CustomPolicies(IEnumerable<ICustomPolicy> policies, TimeProvider clock, ILogger<CustomPolicies> log)
{
    // The record's other writes wait while a policy decides. Nobody can end code that does not return, but it can be told whose it is.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    private readonly FrozenDictionary<string, ICustomPolicy> _byName = ByName(policies);

    /// <summary>What may stand after <c>custom:</c>.</summary>
    public string[] Names => [.. _byName.Values.Select(policy => policy.Name)];

    /// <summary>What the policy makes of the path. Its code is not ours: it may throw anything, and answer with what is no value.</summary>
    public JsonElement? Ask(string policy, ContestedPath path)
    {
        if (!_byName.TryGetValue(policy, out var known)) throw new CustomPolicyException("It is not registered with this silo.");
        var started = clock.GetTimestamp();
        var answer = known.Resolve(path);
        var took = clock.GetElapsedTime(started);
        if (took > Slow) TookLong(log, policy, (long)took.TotalMilliseconds);
        return answer;
    }

    private static FrozenDictionary<string, ICustomPolicy> ByName(IEnumerable<ICustomPolicy> policies)
    {
        var byName = new Dictionary<string, ICustomPolicy>();
        foreach (var policy in policies)
        {
            if (!IsName(policy.Name))
                throw new CustomPolicyException($"Custom policy {Type(policy)}: '{policy.Name}' is no name for it, use a to z, 0 to 9, _ and -, a letter first, at most 63");
            if (!byName.TryAdd(CollectionSettings.CustomPrefix + policy.Name, policy))
                throw new CustomPolicyException($"Custom policy {Type(policy)}: another one is named '{policy.Name}' already, give it a name of its own and register each once");
        }

        return byName.ToFrozenDictionary();
    }

    // As a collection's name: both are words of settings and addresses.
    private static bool IsName(string? name) => Protocol.Names.IsCollection(name);

    private static string Type(ICustomPolicy policy) => policy.GetType().Name;

    [LoggerMessage(1, LogLevel.Warning, "{Policy} took {Milliseconds} ms to decide over one path; all writes to the record wait for it")]
    private static partial void TookLong(ILogger log, string policy, long milliseconds);
}
