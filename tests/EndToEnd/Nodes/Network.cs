using System.Diagnostics;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// A network of its own on this machine, with a place for each node, that can be cut between any two of them, or between one and the
/// database: what is sent across a cut is gone without a word, as with a broken switch. Clients, which are the tests themselves, reach every
/// place all the time.
/// </summary>
/// <remarks>
/// Each place is a network namespace; the switch between them is a bridge in one more, where no firewall of this machine's own sees it. A cut is a
/// neighbour that is said to have a hardware address that nobody has. Names hold the number of the process that made them: what a run left that was
/// killed goes with the next one.
/// </remarks>
internal sealed class Network : IAsyncDisposable
{
    private const string Family = "orleanssync";
    private const string Nobody = "02:00:00:00:00:01";

    private readonly string _hub;
    private readonly string _cable;
    private readonly string _prefix;
    private readonly NetworkPlace[] _places;

    private Network(int number, int places)
    {
        _prefix = $"10.77.{number}";
        _cable = $"{Family}{number}";
        _hub = $"{Family}-{Environment.ProcessId}-{number}-hub";
        _places = [.. Enumerable.Range(1, places).Select(place => new NetworkPlace($"{Family}-{Environment.ProcessId}-{number}-{place}", $"{_prefix}.{place}"))];
    }

    /// <summary>Where the database is, as nodes see it.</summary>
    public string Database => $"{_prefix}.253";

    /// <summary>All addresses there are.</summary>
    public string Range => $"{_prefix}.0/24";

    public NetworkPlace this[int place] => _places[place];

    /// <summary>Makes one. Throws where <see cref="IpCommand.WhyNot"/> says why.</summary>
    public static async Task<Network> Create(int places)
    {
        await RemoveLeftovers();
        for (var tries = 0; tries < 50; tries++)
        {
            var network = new Network(Random.Shared.Next(1, 255), places);
            if (!await network.TakeNumber()) continue;
            await network.Connect();
            return network;
        }
        throw new InvalidOperationException("No network could be made: every number seems to be taken.");
    }

    /// <summary>From now on nothing gets from one of the two to the other.</summary>
    public Task Cut(int one, int other) => Both(one, other, (from, to) => IpCommand.Run(
        "-n", from.Name, "neigh", "replace", to.Address, "lladdr", Nobody, "dev", "eth0", "nud", "permanent"));

    public Task Heal(int one, int other) => Both(one, other, (from, to) => IpCommand.Run("-n", from.Name, "neigh", "del", to.Address, "dev", "eth0"));

    /// <summary>From now on nothing gets from one place to any other, nor back; it still has the database, and its clients.</summary>
    public Task CutOff(int place) => Task.WhenAll(Others(place).Select(other => Cut(place, other)));

    public Task HealOff(int place) => Task.WhenAll(Others(place).Select(other => Heal(place, other)));

    /// <summary>From now on what a node says does not get to the database.</summary>
    public Task CutDatabase(int place) =>
        IpCommand.Run("-n", _places[place].Name, "neigh", "replace", Database, "lladdr", Nobody, "dev", "eth0", "nud", "permanent");

    public Task HealDatabase(int place) => IpCommand.Run("-n", _places[place].Name, "neigh", "del", Database, "dev", "eth0");

    /// <summary>With the namespaces goes all that was in them, the tests' own end of the cable too.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in _places.Select(place => place.Name).Append(_hub)) await IpCommand.Try("netns", "del", name);
    }

    /// <summary>The tests' end of their cable is the claim to a number, since only one can have the name.</summary>
    private async Task<bool> TakeNumber()
    {
        if (!await IpCommand.Try("netns", "add", _hub)) return false;
        if (await IpCommand.Try("link", "add", _cable, "type", "veth", "peer", "name", "tests", "netns", _hub)) return true;
        await IpCommand.Run("netns", "del", _hub);
        return false;
    }

    private async Task Connect()
    {
        await IpCommand.Run("-n", _hub, "link", "add", "switch", "type", "bridge");
        await IpCommand.Run("-n", _hub, "link", "set", "switch", "up");
        await IpCommand.Run("-n", _hub, "link", "set", "tests", "master", "switch", "up");
        await IpCommand.Run("addr", "add", $"{_prefix}.254/24", "dev", _cable);
        await IpCommand.Run("addr", "add", $"{Database}/24", "dev", _cable);
        await IpCommand.Run("link", "set", _cable, "up");
        for (var place = 0; place < _places.Length; place++) await Connect(_places[place], $"place{place}");
    }

    private async Task Connect(NetworkPlace place, string port)
    {
        await IpCommand.Run("netns", "add", place.Name);
        await IpCommand.Run("-n", _hub, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", place.Name);
        await IpCommand.Run("-n", _hub, "link", "set", port, "master", "switch", "up");
        await IpCommand.Run("-n", place.Name, "addr", "add", $"{place.Address}/24", "dev", "eth0");
        await IpCommand.Run("-n", place.Name, "link", "set", "eth0", "up");
        await IpCommand.Run("-n", place.Name, "link", "set", "lo", "up");
    }

    private static async Task RemoveLeftovers()
    {
        var names = await IpCommand.Run("netns", "list");
        foreach (var name in names.Split('\n').Select(line => line.Split(' ')[0]).Where(IsLeftOver))
        {
            foreach (var line in (await IpCommand.Run("netns", "pids", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries)) End(int.Parse(line));
            await IpCommand.Try("netns", "del", name);
        }
    }

    private static void End(int process)
    {
        try
        {
            using var node = Process.GetProcessById(process);
            node.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private static bool IsLeftOver(string name) =>
        name.Split('-') is [Family, var process, _, _] && int.TryParse(process, out _) && !Directory.Exists($"/proc/{process}");

    private IEnumerable<int> Others(int place) => Enumerable.Range(0, _places.Length).Where(other => other != place);

    private Task Both(int one, int other, Func<NetworkPlace, NetworkPlace, Task> change) =>
        Task.WhenAll(change(_places[one], _places[other]), change(_places[other], _places[one]));
}

/// <summary>Where one node runs.</summary>
internal sealed record NetworkPlace(string Name, string Address)
{
    /// <summary>The start of a command line whose rest then runs there.</summary>
    public IReadOnlyList<string> Within => ["ip", "netns", "exec", Name];
}
