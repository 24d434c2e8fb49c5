namespace OrleansSync.EndToEnd;

/// <summary>Where the programs under test are: built in the same configuration as this assembly, in the same tree.</summary>
internal static class BuiltBeside
{
    private static readonly string Mine = AppContext.BaseDirectory.TrimEnd('/');

    public static string Framework => Path.GetFileName(Mine);

    public static string Configuration => Path.GetFileName(Path.GetDirectoryName(Mine)!);

    public static string Root => Path.GetFullPath(Path.Combine(Mine, "../../../../.."));

    public static string Gateway => Program("Gateway");

    public static string Silo => Program("Silo");

    private static string Program(string name) => Path.Combine(Root, "src", name, "bin", Configuration, Framework, $"OrleansSync.{name}.dll");
}
