namespace OrleansSync.Load.Scenarios;

/// <summary>One question about a server, and how it is measured.</summary>
internal interface IScenario
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>One line: what it shows.</summary>
    string Description { get; }

    /// <summary>The options that it takes, with what they are if nothing is said.</summary>
    IReadOnlyList<Setting> Settings { get; }

    /// <summary>Whether it can be asked of a deployment that runs already.</summary>
    bool TakesTarget => true;

    /// <summary>Whether <c>all</c> has it too.</summary>
    bool InAll => true;

    Task Run(LoadRun run, Options options);
}
