using OrleansSync.Protocol;

namespace OrleansSync.Grains.Collections;

/// <summary>A collection's settings, and the only writer of them. Key: the collection's name.</summary>
public interface ICollectionGrain : IGrainWithStringKey
{
    /// <summary>The collection with its counts, or null when it does not exist.</summary>
    Task<Collection?> Read();

    /// <summary>
    /// Creates it or replaces all its settings; they hold for every write answered after this returns. True = created. A problem, and nothing
    /// was changed, where the settings ask for what cannot be changed any more.
    /// </summary>
    Task<(Collection Collection, bool Created, Problem? Refused)> Put(CollectionSettings settings);

    /// <summary>The collection, created with default settings if it does not exist.</summary>
    Task<Collection> Ensure();
}
