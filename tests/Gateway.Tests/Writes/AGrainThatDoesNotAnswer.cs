using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Writes;

public sealed class AGrainThatDoesNotAnswer
{
    private static readonly Write WithId = new() { Id = "w-1", Collection = "c", Record = "r", Op = WriteOp.Delete, Author = Write.Anonymous };
    private static readonly Write WithoutId = WithId with { Id = null };

    [Fact]
    public async Task A_write_with_an_id_is_sent_again()
    {
        var gate = Gate(out var record, new TimeoutException(), new SiloUnavailableException("gone"));

        var result = await gate.Write(WithId, Caller.Anonymous, default);

        Assert.Equal((Outcome.Applied, 3), (result.Outcome, record.Calls));
    }

    [Fact]
    public async Task A_write_without_an_id_is_not()
    {
        var gate = Gate(out var record, new TimeoutException());

        var result = await gate.Write(WithoutId, Caller.Anonymous, default);

        Assert.Equal((Codes.Unavailable, 1), (result.Problem?.Code, record.Calls));
    }

    [Fact]
    public async Task Nobody_waits_for_who_went_away()
    {
        var gate = Gate(out var record, new TimeoutException());

        var result = await gate.Write(WithId, Caller.Anonymous, new CancellationToken(canceled: true));

        Assert.Equal((Codes.Unavailable, 1), (result.Problem?.Code, record.Calls));
    }

    [Fact]
    public async Task What_nobody_expected_is_internal_and_says_nothing_of_itself()
    {
        var gate = Gate(out var record, new InvalidOperationException("secret"));

        var result = await gate.Write(WithId, Caller.Anonymous, default);

        Assert.Equal((Codes.Internal, 1), (result.Problem?.Code, record.Calls));
        Assert.DoesNotContain("secret", result.Problem!.Detail);
    }

    [Fact]
    public async Task A_write_that_meets_others_in_asking_for_settings_has_no_longer_deadline_than_they()
    {
        var clock = new FakeTimeProvider();
        var gate = Gate(clock, new SilentCollection(), out _);
        _ = gate.Write(WithId, Caller.Anonymous, default);
        clock.Advance(TimeSpan.FromSeconds(9));

        var (begun, writing) = (clock.GetUtcNow(), gate.Write(WithId with { Id = "w-2" }, Caller.Anonymous, default).AsTask());
        await Waiting(clock, writing);

        Assert.Equal(Codes.Unavailable, (await writing).Problem?.Code);
        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10.5));
    }

    [Fact]
    public async Task What_was_spent_on_asking_for_settings_before_is_not_spent_again()
    {
        var gate = Gate(new FakeTimeProvider(), new SilentCollection(), out _);

        // No time passes: it does not wait.
        var result = await gate.Write(WithId, Caller.Anonymous, default, spent: TimeSpan.FromSeconds(10));

        Assert.Equal(Codes.Unavailable, result.Problem?.Code);
    }

    [Fact]
    public async Task A_frame_of_many_collections_is_held_up_by_no_more_than_one_of_them()
    {
        var clock = new FakeTimeProvider();
        var grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)grains).Collection = new SilentCollection();
        var calls = new Calls(null!, null!, new(grains, new(clock), clock), new(), null!, clock);
        WriteRead[] writes = [.. new[] { "a", "b", "c" }.Select(collection => new WriteRead(WithId with { Collection = collection }, WithId.Id, null))];

        var (begun, learning) = (clock.GetUtcNow(), calls.Learn(new(writes)).AsTask());
        await Waiting(clock, learning);

        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(12));
    }

    /// <summary>Lets the time pass in small steps, each long enough for what it sets going.</summary>
    private static async Task Waiting(FakeTimeProvider clock, Task writing)
    {
        while (!writing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            await writing.WaitAsync(TimeSpan.FromMilliseconds(20)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static WriteGate Gate(out FailingRecord record, params Exception[] failures) => Gate(TimeProvider.System, new NoCollection(), out record, failures);

    private static WriteGate Gate(TimeProvider clock, ICollectionGrain collection, out FailingRecord record, params Exception[] failures)
    {
        var settings = new ServerSettings();
        var grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)grains).Collection = collection;
        record = ((Factory)(object)grains).Record = new FailingRecord(failures);
        return new(grains, new(grains), new(grains, new(clock), clock), new(settings), settings, clock, NullLogger<WriteGate>.Instance);
    }

    /// <summary>Orleans' factory, with one record and one collection.</summary>
    public class Factory : DispatchProxy
    {
        internal FailingRecord Record { get; set; } = null!;

        internal ICollectionGrain Collection { get; set; } = null!;

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) =>
            method!.ReturnType == typeof(ICollectionGrain) ? Collection : Record;
    }

    internal sealed class FailingRecord(Exception[] failures) : IRecordGrain
    {
        public int Calls { get; private set; }

        public Task<WriteResult> Write(Write write) => Calls++ < failures.Length
            ? Task.FromException<WriteResult>(failures[Calls - 1])
            : Task.FromResult(new WriteResult { Id = write.Id, Outcome = Outcome.Applied });

        public Task<RecordVersion?> Read() => throw new NotSupportedException();
        public Task<RecordVersion?> ReadVersion(long version) => throw new NotSupportedException();
        public Task<HistoryPage?> ReadHistory(long before, int limit) => throw new NotSupportedException();
    }

    private sealed class SilentCollection : NoCollection
    {
        public override Task<Collection?> Read() => Task.FromException<Collection?>(new TimeoutException());
    }

    private class NoCollection : ICollectionGrain
    {
        public virtual Task<Collection?> Read() => Task.FromResult<Collection?>(null);
        public Task<(Collection Collection, bool Created, Problem? Refused)> Put(CollectionSettings settings) => throw new NotSupportedException();
        public Task<Collection> Ensure() => throw new NotSupportedException();
    }
}
