using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>
/// The rules of §4.2 and §4.3 for patches of single fields, done by hand: what each field holds, how it is stamped, and whose change it was.
/// Fields named in <paramref name="rejecting"/> reject, the others go by timestamp. Shares nothing with the engine.
/// </summary>
internal sealed class FieldsByHand(Write creation, params string[] rejecting)
{
    private readonly Dictionary<string, Field> _fields = [];
    private readonly Field _never = new(null, Stamp.Of(creation), null);

    public long Version { get; private set; } = 1;

    public string Data => "{" + string.Join(',', _fields.Where(held => held.Value.Value is not null)
        .OrderBy(held => held.Key, StringComparer.Ordinal).Select(held => $"\"{held.Key}\":{held.Value.Value}")) + "}";

    /// <summary>Does the patch, given as field and value (null = remove); answers what is expected of the engine.</summary>
    public (Outcome Outcome, (string Path, Kept Kept)[] Concurrent) Do(Write write, (string Name, string? Value)[] patch)
    {
        if (write.Base is null && patch.Any(touch => rejecting.Contains(touch.Name) && Now(touch.Name).Value is not null))
            return (Outcome.Invalid, []);

        var own = Stamp.Of(write);
        var judged = patch.Select(touch => (touch.Name, touch.Value, Field: Now(touch.Name), Unseen: IsUnseen(write, Now(touch.Name), touch.Value))).ToArray();
        if (judged.Any(touch => touch.Unseen && rejecting.Contains(touch.Name)))
            return (Outcome.Rejected, []);

        var wins = judged.Where(touch => !touch.Unseen || own > touch.Field.Stamp).ToArray();
        foreach (var (name, value, field, unseen) in wins)
        {
            var stamp = own > field.Stamp ? own : value == field.Value ? field.Stamp : own with { Second = field.Stamp.Second.Next };
            _fields[name] = new(value, stamp, value == field.Value ? field.Change : new(Version + 1, write));
        }

        var concurrent = judged.Where(touch => touch.Unseen)
            .Select(touch => (touch.Name, own > touch.Field.Stamp ? Kept.Incoming : Kept.Current)).ToArray();
        if (wins.Length == 0)
            return (Outcome.Superseded, concurrent);
        Version++;
        return (concurrent.Length == 0 ? Outcome.Applied : Outcome.Merged, concurrent);
    }

    private Field Now(string name) => _fields.GetValueOrDefault(name, _never);

    private static bool IsUnseen(Write write, Field field, string? value)
    {
        if (write.Base is not { } seen)
            return field.Stamp > Stamp.Of(write);
        return field.Change is { } change && change.Version > seen && field.Value != value && !IsOwn(change.By, write);
    }

    private static bool IsOwn(Write earlier, Write write) =>
        write.Client is not null && (earlier.Author, earlier.Client) == (write.Author, write.Client) && earlier.Timestamp <= write.Timestamp;

    private sealed record Field(string? Value, Stamp Stamp, Change? Change);

    /// <summary>The version that gave the field another value, and by which write.</summary>
    private sealed record Change(long Version, Write By);

    private sealed record Stamp(Timestamp Second, string Author, string? Client, string? Id)
    {
        public static Stamp Of(Write write) => new(write.Timestamp!.Value, write.Author, write.Client, write.Id);

        public static bool operator >(Stamp a, Stamp b) => a.CompareTo(b) > 0;

        public static bool operator <(Stamp a, Stamp b) => a.CompareTo(b) < 0;

        private int CompareTo(Stamp other)
        {
            var order = Second.CompareTo(other.Second);
            order = order != 0 ? order : string.CompareOrdinal(Author, other.Author);
            order = order != 0 ? order : string.CompareOrdinal(Client ?? "", other.Client ?? "");
            return order != 0 ? order : string.CompareOrdinal(Id ?? "", other.Id ?? "");
        }
    }
}
