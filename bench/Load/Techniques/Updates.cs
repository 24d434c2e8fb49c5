using System.Diagnostics;
using System.Text;

namespace OrleansSync.Load.Techniques;

/// <summary>The updates of a run by their numbers, from 1: which record each one replaces, what it holds, and when it was acknowledged.</summary>
/// <param name="most">There are no more.</param>
internal sealed class Updates
{
    /// <summary>What stands before the number.</summary>
    public static readonly byte[] Mark = "\"update\":"u8.ToArray();

    private readonly int[] _records;
    private readonly int[] _before;
    private readonly long[] _acknowledged;

    public Updates(int records, int most, Random random)
    {
        (_records, _before, _acknowledged) = (new int[most + 1], new int[most + 1], new long[most + 1]);
        var last = new int[records];
        for (var number = 1; number <= most; number++)
        {
            var record = _records[number] = random.Next(records);
            (_before[number], last[record]) = (last[record], number);
        }
    }

    public int Most => _records.Length - 1;
    public int Record(int number) => _records[number];

    /// <summary>The update that this one replaces; 0 = what was there from the start.</summary>
    public int Before(int number) => _before[number];

    public void Acknowledge(int number) => Volatile.Write(ref _acknowledged[number], Stopwatch.GetTimestamp());

    /// <summary>When, by <see cref="Stopwatch"/>; 0 = not yet.</summary>
    public long Acknowledged(int number) => Volatile.Read(ref _acknowledged[number]);

    /// <summary>What the record holds after it: its number behind the mark, 0 = what it held from the start.</summary>
    public static byte[] Data(int number) => Encoding.UTF8.GetBytes($$"""{"update":{{number}},{{Payload.Data(0, number).AsSpan(1)}}""");
}
