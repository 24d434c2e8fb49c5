using System.CommandLine;
using OrleansSync.Load.Peers;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load.Commands;

/// <summary>What can be asked for: each scenario as a command with its options, all of them, a list, and a check of the peers.</summary>
internal static class CommandLine
{
    private const string TokenVariable = "ORLEANSSYNC_TOKEN";

    private static readonly Option<string?> Target = new("--target")
    {
        Description = "URL of a deployment of ours that runs already, instead of starting a server; it is written to",
        HelpName = "URL",
        Validators = { at => { if (at.GetValueOrDefault<string?>() is { } url && Address.Parse(url) is null) at.AddError($"'{url}' is no address: http://host:port, or https."); } },
    };

    private static readonly Option<string?> Token = new("--token")
    {
        Description = "bearer token (a JWT) to speak to the target with; $" + TokenVariable + " does the same and is not seen in the list of processes",
        HelpName = "JWT",
    };

    private static readonly Option<string?> Output = new("--output") { Description = "folder for report.json and report.html", HelpName = "FOLDER" };

    private static readonly Option<string[]> Peers = new("--peers")
    {
        Description = "whom to measure beside it, by how the name begins: " + string.Join(", ", Contenders.All.Skip(1).Select(peer => $"'{peer.Name}'")) + "; all; none",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "NAME…",
    };

    public static RootCommand Build()
    {
        var root = new RootCommand("Measures what a sync server carries: starts it, or goes to one that runs; shows how it goes, and writes a report.");
        root.Subcommands.Add(ListCommand());
        foreach (var scenario in ScenarioList.All) root.Subcommands.Add(ScenarioCommand(scenario.Name, scenario.Description, [scenario]));
        var all = ScenarioList.All.Where(scenario => scenario.InAll).ToArray();
        root.Subcommands.Add(ScenarioCommand("all", $"{string.Join(", ", all.Select(scenario => scenario.Name))}, one after the other", all));
        root.Subcommands.Add(MakeGuardCommand());
        root.Subcommands.Add(PeersCommand());
        root.Subcommands.Add(MakeReportCommand());
        return root;
    }

    /// <summary>What a line asks for that names one scenario.</summary>
    /// <exception cref="FormatException">It makes no sense; the message says why.</exception>
    public static (IScenario Scenario, Options Options) Read(string line)
    {
        var parsed = Build().Parse(line);
        var scenario = ScenarioList.All.FirstOrDefault(each => each.Name == parsed.CommandResult.Command.Name);
        if (scenario is null || parsed.Errors.Count > 0) throw new FormatException($"'{line}': {parsed.Errors.FirstOrDefault()?.Message ?? "it names no scenario."}");
        return (scenario, Chosen(parsed, scenario, parsed.CommandResult.Command.Options.OfType<Option<int?>>().ToDictionary(option => option.Name.TrimStart('-'))));
    }

    private static Command ScenarioCommand(string name, string description, IReadOnlyList<IScenario> scenarios)
    {
        var command = new Command(name, description);
        var numbers = new Dictionary<string, Option<int?>>();
        foreach (var setting in scenarios.SelectMany(scenario => scenario.Settings).DistinctBy(setting => setting.Name))
        {
            // What several scenarios take may have another default in each.
            var defaults = string.Join(" or ", scenarios.SelectMany(scenario => scenario.Settings).Where(each => each.Name == setting.Name).Select(each => each.Default).Distinct());
            var option = new Option<int?>($"--{setting.Name}") { Description = $"{setting.Description} [default: {defaults}]", HelpName = "N" };
            var lowest = setting.Lowest;
            option.Validators.Add(at => { if (at.GetValueOrDefault<int?>() < lowest) at.AddError($"--{setting.Name} is at least {lowest}."); });
            option.Validators.Add(at => { if (at.GetValueOrDefault<int?>() > setting.Highest) at.AddError($"--{setting.Name} is at most {setting.Highest}."); });
            numbers[setting.Name] = option;
            command.Options.Add(option);
        }

        if (scenarios.All(scenario => scenario.TakesTarget))
        {
            command.Options.Add(Target);
            command.Options.Add(Token);
            command.Validators.Add(at => { if (at.GetValue(Token) is not null && at.GetValue(Target) is null) at.AddError("--token is for a --target."); });
        }

        command.Options.Add(Peers);
        command.Options.Add(Output);
        command.SetAction((parsed, cancelled) =>
            new RunCommand([.. scenarios.Select(scenario => (scenario, Chosen(parsed, scenario, numbers)))], CommandLineOf(parsed)).Run(cancelled));
        return command;
    }

    /// <summary>As it was typed, for the report; but the token is nobody else's.</summary>
    internal static string CommandLineOf(ParseResult parsed) =>
        string.Join(' ', parsed.Tokens.Select(token => token.Value == parsed.GetValue(Token) ? "…" : token.Value));

    private static Options Chosen(ParseResult parsed, IScenario scenario, Dictionary<string, Option<int?>> numbers)
    {
        var options = new Options
        {
            Target = scenario.TakesTarget ? TargetOf(parsed) : null,
            Peers = parsed.GetValue(Peers) is { Length: > 0 } peers ? [.. peers.SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(peer => peer != "none")] : null,
            Output = parsed.GetValue(Output),
        };
        // Of what several scenarios take, one may know a number that means nothing to another.
        return scenario.Settings.Aggregate(options, (so, setting) => setting.Apply(so, parsed.GetValue(numbers[setting.Name]) is { } asked && asked >= setting.Lowest ? asked : setting.Default));
    }

    private static Address? TargetOf(ParseResult parsed) => parsed.GetValue(Target) is { } url && Address.Parse(url) is { } address
        ? address with { Token = parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable) }
        : null;

    private static Command ListCommand()
    {
        var command = new Command("list", "the scenarios, with their options and defaults");
        command.SetAction(_ => Listing.Print(Console.Out));
        return command;
    }

    private static Command MakeGuardCommand()
    {
        var file = new Option<string>("--file") { Description = "the ratios that are kept [default: bench/ratios.json]", HelpName = "FILE" };
        var update = new Option<bool>("--update") { Description = "keeps what is seen from now on" };
        var command = new Command("guard", "runs a fixed set, and fails (exit code 4) where ours got worse beside the others than it was") { file, update };
        command.SetAction((parsed, cancelled) => new GuardCommand(parsed.GetValue(file) ?? GuardCommand.UsualPath, parsed.GetValue(update)).Run(cancelled));
        return command;
    }

    private static Command PeersCommand()
    {
        var names = new Argument<string[]>("names") { Description = "how their names begin; nothing = all" };
        var command = new Command("peers", "checks that every server starts, is spoken to rightly and delivers; measures nothing") { names };
        command.SetAction((parsed, _) => SelfCheck.Run(Contenders.Named(parsed.GetValue(names) ?? [])));
        return command;
    }

    private static Command MakeReportCommand()
    {
        var files = new Argument<string[]>("files") { Description = "report.json of runs of different scenarios on one machine", Arity = ArgumentArity.OneOrMore };
        var folder = new Option<string>("--output") { Description = "where the new report goes", HelpName = "FOLDER", Required = true };
        var command = new Command("report", "makes one report of reports that are there; measures nothing") { files, folder };
        command.SetAction((parsed, _) => ReportCommand.Run(parsed.GetValue(files)!, parsed.GetValue(folder)!));
        return command;
    }
}
