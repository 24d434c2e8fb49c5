using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Strict conditions and impossible bases (§3, §4).</summary>
public sealed class Preconditions
{
    private static readonly Precondition Live = new(PreconditionKind.Live);
    private static readonly Precondition Never = new(PreconditionKind.Never);

    private readonly OneRecord _record = new OneRecord().After(Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":2}""").At(2));

    [Fact]
    public void At_its_version_a_write_applies() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"a":3}""").If(Precondition.At(2))).Outcome);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void At_another_version_it_is_refused(long version) =>
        _record.AssertRefused(Edits.Patch("""{"a":3}""").If(Precondition.At(version)), Outcome.Rejected, Codes.VersionMismatch);

    [Fact]
    public void A_put_that_must_not_find_a_record_is_refused_where_one_is() =>
        _record.AssertRefused(Edits.Put("{}").If(Precondition.At(0)), Outcome.Rejected, Codes.Exists);

    [Fact]
    public void It_applies_where_none_is() =>
        Assert.True(new OneRecord().Do(Edits.Put("{}").If(Precondition.At(0))).Created);

    [Fact]
    public void It_applies_on_a_tombstone()
    {
        _record.Do(Edits.Delete());

        Assert.True(_record.Do(Edits.Put("{}").If(Precondition.At(0))).Created);
    }

    [Fact]
    public void A_write_that_must_find_a_record_applies_where_one_is() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Put("{}").If(Live)).Outcome);

    [Fact]
    public void It_is_refused_where_none_is() =>
        new OneRecord().AssertRefused(Edits.Put("{}").If(Live), Outcome.Rejected, Codes.VersionMismatch);

    [Fact]
    public void It_is_refused_on_a_tombstone()
    {
        _record.Do(Edits.Delete());

        _record.AssertRefused(Edits.Put("{}").If(Live), Outcome.Rejected, Codes.VersionMismatch);
    }

    [Fact]
    public void What_no_record_can_meet_is_refused() =>
        _record.AssertRefused(Edits.Delete().If(Never), Outcome.Rejected, Codes.VersionMismatch);

    [Fact]
    public void A_base_above_the_current_version_is_malformed() =>
        _record.AssertRefused(Edits.Patch("""{"a":3}""").Seen(3), Outcome.Invalid, Codes.Malformed);

    [Fact]
    public void So_is_any_base_but_zero_of_an_absent_record() =>
        new OneRecord().AssertRefused(Edits.Put("{}").Seen(1), Outcome.Invalid, Codes.Malformed);

    [Fact]
    public void Base_zero_of_an_absent_record_is_the_truth() =>
        Assert.Equal(Outcome.Applied, new OneRecord().Do(Edits.Put("{}").Seen(0)).Outcome);
}
