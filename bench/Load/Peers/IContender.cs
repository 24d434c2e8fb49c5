namespace OrleansSync.Load.Peers;

/// <summary>A server that a scenario can measure: ours, or one of the field. What a scenario does to one it does to all.</summary>
internal interface IContender
{
    /// <summary>What the tables call it.</summary>
    string Name { get; }

    /// <summary>As its package says.</summary>
    string Version { get; }

    Traits Traits { get; }

    /// <summary>
    /// Starts it empty, as processes of its own. The records that can be written are then <c>0</c> to <paramref name="records"/> - 1, and
    /// there is a hot record whose <c>count</c> is 0.
    /// </summary>
    /// <exception cref="ContenderMissing">Something that it needs is not on this machine.</exception>
    Task<ILiveServer> Start(int records);
}
