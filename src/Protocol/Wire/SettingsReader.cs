using System.Text;

namespace OrleansSync.Protocol;

/// <summary>Reads the settings that a request states and checks them, whole, before anything is changed (protocol §5).</summary>
public static class SettingsReader
{
    public const int MaxIndexes = 16;

    /// <summary>As many as a cursor, which names a place in each, has room for.</summary>
    public const int MaxPartitions = 8;

    private const int MaxFields = 256;
    private const int MaxListed = 256;
    private const int MaxVersions = 1_000_000;
    private const int MaxDays = 36_500;
    private const int MaxResolveHours = MaxDays * 24;
    private const int MaxSchemaDepth = 64;

    /// <summary>
    /// Reads a settings object; what it leaves out has its default, unknown members are ignored. Throws <see cref="RefusedException"/>
    /// (malformed) with the setting that is wrong and the mend.
    /// </summary>
    /// <param name="json">The request's body.</param>
    /// <param name="knowsCustomPolicy">Whether a policy of this name, without <c>custom:</c>, is registered.</param>
    /// <param name="partitions">What holds where they are left out: those that the collection has, since they cannot be changed.</param>
    public static CollectionSettings Read(ReadOnlyMemory<byte> json, Func<string, bool> knowsCustomPolicy, int? partitions = null)
    {
        var members = JsonMembers.Cut(json);
        var defaults = CollectionSettings.Default;
        var history = members.Object("history");
        var access = members.Object("access");
        var conflict = members.Object("conflict");

        var settings = new CollectionSettings
        {
            Policy = Policy("policy", members.String("policy") ?? defaults.Policy, knowsCustomPolicy),
            Granularity = ReadGranularity(members),
            Fields = ReadFields(members, knowsCustomPolicy),
            Schema = ReadSchema(members),
            HistoryVersions = Whole(history, "versions", 0, MaxVersions) ?? defaults.HistoryVersions,
            HistoryDays = Whole(history, "days", 0, MaxDays) ?? defaults.HistoryDays,
            TombstoneDays = Whole(members.Object("tombstones"), "days", 0, MaxDays) ?? defaults.TombstoneDays,
            Partitions = Whole(members, "partitions", 1, MaxPartitions) ?? partitions ?? defaults.Partitions,
            Indexes = ReadIndexes(members),
            Read = ReadList(access, "read"),
            Write = ReadList(access, "write"),
            Resolve = ReadList(access, "resolve"),
            Owner = access?.String("owner") is { } owner ? Path("owner", owner) : null,
            ClaimSeconds = Whole(conflict, "claimSeconds", 1, ClaimReader.MostSeconds) ?? defaults.ClaimSeconds,
            AutoResolveHours = Whole(conflict, "autoResolveHours", 1, MaxResolveHours),
        };
        return settings.Granularity == Granularity.Record && settings.Fields.Count > 0
            ? throw Malformed("'fields' must be empty when 'granularity' is record")
            : settings;
    }

    private static string Policy(string where, string policy, Func<string, bool> knowsCustomPolicy)
    {
        if (policy is CollectionSettings.LastWriterWins or CollectionSettings.Reject or CollectionSettings.Manual)
            return policy;
        if (policy.StartsWith(CollectionSettings.CustomPrefix, StringComparison.Ordinal)
            && knowsCustomPolicy(policy[CollectionSettings.CustomPrefix.Length..]))
            return policy;
        throw Malformed($"'{where}' names no policy; use lastWriterWins, reject, manual, or custom: and the name of a registered one");
    }

    private static Granularity ReadGranularity(JsonMembers members) => members.String("granularity") switch
    {
        null or "field" => Granularity.Field,
        "record" => Granularity.Record,
        _ => throw Malformed("'granularity' must be field or record"),
    };

    private static IReadOnlyDictionary<string, string> ReadFields(JsonMembers members, Func<string, bool> knowsCustomPolicy)
    {
        if (members.Object("fields") is not { } stated)
            return CollectionSettings.Default.Fields;
        if (stated.All.Count > MaxFields)
            throw Malformed($"'fields' may have at most {MaxFields} paths");

        var fields = new Dictionary<string, string>();
        foreach (var (path, raw) in stated.All)
        {
            var where = $"fields.{path}";
            fields.Add(Path(where, path), Policy(where, JsonMembers.TextOf(raw.Span, where), knowsCustomPolicy));
        }
        return fields;
    }

    private static string? ReadSchema(JsonMembers members)
    {
        if (!members.TryGet("schema", out var raw))
            return null;
        var rules = new DataRules { Reserved = ReservedNames.All, MaxDepth = MaxSchemaDepth };
        return raw.Span[0] == '{'
            ? Encoding.UTF8.GetString(DataText.Read(raw.Span, rules))
            : throw Malformed("'schema' must be an object: a JSON Schema");
    }

    private static string[] ReadIndexes(JsonMembers members)
    {
        var paths = members.Strings("indexes") ?? [];
        return paths.Count <= MaxIndexes
            ? [.. paths.Select(path => Path("indexes", path)).Distinct()]
            : throw Malformed($"'indexes' may have at most {MaxIndexes} paths");
    }

    private static IReadOnlyList<string>? ReadList(JsonMembers? access, string name)
    {
        var list = access?.Strings(name);
        if (list is { Count: > MaxListed })
            throw Malformed($"'access.{name}' may list at most {MaxListed}");
        if (list is not null && list.Any(string.IsNullOrWhiteSpace))
            throw Malformed($"'access.{name}' lists roles, user:<sub>, authenticated or *, none of them empty");
        return list;
    }

    private static string Path(string where, string path) =>
        FieldPath.Parse(path).IsRoot ? throw Malformed($"'{where}' must name a field, not the whole record") : path;

    private static int? Whole(JsonMembers? members, string name, int least, int most)
    {
        var value = members?.Integer(name);
        return value is null || (value >= least && value <= most)
            ? (int?)value
            : throw Malformed($"'{name}' must be from {least} to {most}");
    }

    private static RefusedException Malformed(string why) => new(Codes.Malformed, $"The settings are malformed: {why}.");
}
