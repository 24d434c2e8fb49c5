using System.Runtime.CompilerServices;
using CsCheck;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>How often each property is tried: often enough to meet rare orders, for less than a second each. <c>CsCheck_Iter</c> says otherwise.</summary>
internal static class Iterations
{
    private const int Usual = 1_000;

    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("CsCheck_Iter") is null)
            Check.Iter = Usual;
    }
}
