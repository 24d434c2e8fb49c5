namespace OrleansSync.Histories.Tests;

/// <summary>Chance as a list of numbers, so that what fails can be made small.</summary>
internal sealed class Choices(IReadOnlyList<int> numbers)
{
    private int _next;

    public bool AnyLeft => _next < numbers.Count;

    /// <summary>0 to n - 1; 0 when there is no chance left.</summary>
    public int Of(int n) => AnyLeft ? numbers[_next++] % n : 0;

    public bool OneIn(int n) => AnyLeft && Of(n) == n - 1;

    public T Of<T>(IReadOnlyList<T> items) => items[Of(items.Count)];
}
