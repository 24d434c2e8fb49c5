namespace OrleansSync.Load.Measures;

/// <summary>One cost at a size and at the next greater one: what growing did to it.</summary>
internal sealed record Step(Figure Cost, double Before, Size From, Size To)
{
    /// <summary>Of the cost.</summary>
    public double Ratio => Cost.Value / Before;

    /// <summary>More than straight growth: for a doubling, more than 2.0.</summary>
    public bool TooSteep => Ratio > To.Value / From.Value;

    /// <summary>Of each cost that both know, of two measurements that have a size.</summary>
    public static IEnumerable<Step> Between(Measurement smaller, Measurement greater) =>
        from cost in greater.Figures
        let before = smaller.Figures.FirstOrDefault(each => each.Name == cost.Name)
        where before is { Value: > 0 }
        select new Step(cost, before.Value, smaller.Size!, greater.Size!);

    public override string ToString() => FormattableString.Invariant($"{Cost.Name} × {Ratio:0.00}");
}
