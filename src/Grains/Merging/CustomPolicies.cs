using System.Collections.Frozen;

namespace OrleansSync.Grains.Merging;

/// <summary>The custom policies this silo knows, by the name that settings use (<c>custom:max</c>).</summary>
internal sealed class CustomPolicies(IEnumerable<ICustomPolicy> policies)
{
    private readonly FrozenDictionary<string, ICustomPolicy> _byName =
        policies.ToFrozenDictionary(policy => Protocol.CollectionSettings.CustomPrefix + policy.Name);

    /// <summary>Those that ship with the product.</summary>
    public static readonly CustomPolicies Shipped = new([]);

    public bool Knows(string policy) => _byName.ContainsKey(policy);

    public ICustomPolicy this[string policy] => _byName[policy];
}
