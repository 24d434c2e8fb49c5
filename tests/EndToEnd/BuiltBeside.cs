namespace OrleansSync.EndToEnd;

/// <summary>Where the programs under test are: built in the same configuration as this assembly, in the same tree.</summary>
internal static class BuiltBeside
{
    private static readonly string Mine = AppContext.BaseDirectory.TrimEnd('/');

    public static string Framework => Path.GetFileName(Mine);

    public static string Configuration => Path.GetFileName(Path.GetDirectoryName(Mine)!);

    public static string Root => Path.GetFullPath(Path.Combine(Mine, "../../../../.."));

    public static string Gateway => Built("src/Gateway");

    public static string Silo => Built("src/Silo");

    public static string Sample(string name) => Built($"samples/{name}");

    private static string Built(string project) => Path.Combine(Root, project, "bin", Configuration, Framework, $"OrleansSync.{Path.GetFileName(project)}.dll");
}
