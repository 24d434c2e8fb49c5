using OrleansSync.Load.Commands;
using OrleansSync.Load.Guard;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Tests;

public sealed class GuardingRatios
{
    [Theory]
    [InlineData("higher", 76, "Kept")]
    [InlineData("higher", 74, "Worse")]
    [InlineData("higher", 124, "Kept")]
    [InlineData("higher", 126, "Better")]
    [InlineData("lower", 124, "Kept")]
    [InlineData("lower", 126, "Worse")]
    [InlineData("lower", 76, "Kept")]
    [InlineData("lower", 74, "Better")]
    public void It_may_be_worse_by_its_tolerance_and_no_more(string better, double ours, string standing) =>
        Assert.Equal(standing, Check(Ratio(1), Turn(ours, 100, better)).Standing.ToString());

    [Fact]
    public void The_median_of_the_turns_counts()
    {
        Assert.Equal(0.9, Check(Ratio(1), Turn(10, 100), Turn(90, 100), Turn(300, 100)).Seen);
        Assert.Equal(0.8, Check(Ratio(1), Turn(70, 100), Turn(90, 100)).Seen!.Value, 9);
    }

    [Fact]
    public void What_was_measured_before_and_after_counts_by_its_mean()
    {
        var turn = Turn(100, 150).Append(Samples.Of("they, again", Role.Beside, 1, figures: new Figure("f", 250, "", Better.Higher))).ToArray();

        Assert.Equal(0.5, Check(Ratio(1), turn).Seen);
    }

    [Fact]
    public void What_no_turn_had_is_not_measured_and_stays_as_it_was_kept()
    {
        var check = Check(Ratio(1), [Samples.Of("we", Role.Ours, 1, figures: new Figure("f", 1, "", Better.Higher))]);

        Assert.Equal(Standing.NotMeasured, check.Standing);
        Assert.Equal(1, Updated(check).Value);
    }

    [Fact]
    public void A_ratio_of_which_nothing_is_kept_fails_nobody_and_an_update_keeps_it()
    {
        var check = Check(Ratio(null), Turn(123.456, 1000));

        Assert.Equal(Standing.New, check.Standing);
        Assert.Equal(Ratio(0.123), Updated(check));
    }

    [Fact]
    public void Another_case_and_another_figure_are_not_taken_for_it()
    {
        Assert.Equal(Standing.NotMeasured, Check(Ratio(1) with { Case = "64 in flight" }, Turn(1, 1)).Standing);
        Assert.Equal(Standing.NotMeasured, Check(Ratio(1) with { Figure = "g" }, Turn(1, 1)).Standing);
        Assert.Equal(Standing.NotMeasured, Check(Ratio(1) with { Beside = "somebody" }, Turn(1, 1)).Standing);
    }

    [Fact]
    public async Task What_is_committed_can_be_run_and_says_why()
    {
        var file = await RatioFile.Read(GuardCommand.UsualPath);

        Assert.All(file.Runs, run => Assert.NotNull(CommandLine.Read($"{run} {file.EveryRun}").Scenario));
        Assert.All(file.Ratios, ratio => Assert.True(ratio is { Value: > 0, Tolerance: > 0 and < 1, Why.Length: > 20 }, ratio.Name));
        Assert.Equal(file.Ratios.Count, file.Ratios.Select(ratio => ratio.Name).Distinct().Count());
    }

    [Fact]
    public async Task A_file_is_read_as_it_was_written()
    {
        var path = Path.GetTempFileName();
        var written = new RatioFile { Turns = 3, EveryRun = "--seconds 2", Ratios = [Ratio(0.5), Ratio(null)] };

        await written.Write(path);
        var read = await RatioFile.Read(path);

        Assert.Equal(written.Ratios, read.Ratios);
        Assert.Equal(written with { Ratios = read.Ratios }, read);
        File.Delete(path);
    }

    private static KeptRatio Ratio(double? value) =>
        new() { Run = "writes --in-flight 16", Case = "16 in flight", Figure = "f", Beside = "they", Value = value, Tolerance = 0.25, Why = "it is a sample" };

    private static Measurement[] Turn(double ours, double theirs, string better = "higher")
    {
        var which = better == "higher" ? Better.Higher : Better.Lower;
        return [Samples.Of("we", Role.Ours, 1, figures: new Figure("f", ours, "", which)), Samples.Of("they", Role.Beside, 1, figures: new Figure("f", theirs, "", which))];
    }

    private static RatioCheck Check(KeptRatio kept, params Measurement[][] turns) => RatioCheck.Of(kept, turns);

    private static KeptRatio Updated(RatioCheck check) =>
        new RatioFile { Turns = 1, EveryRun = "", Ratios = [check.Kept] }.With([check], default, Samples.Report().Machine).Ratios[0];
}
