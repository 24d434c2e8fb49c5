namespace OrleansSync.Load.Measures;

/// <summary>Where a measurement stands in a row of growing ones.</summary>
/// <param name="Of">What grows: <c>subscribers</c>.</param>
internal sealed record Size(string Of, double Value);
