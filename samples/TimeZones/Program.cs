using OrleansSync.TimeZones;

// Loads the time-zone rules of this computer, follows them with two clients of different techniques, edits from both, and compares.
var server = new Uri(args is [var url, ..] ? url : "http://127.0.0.1:5080");
using var http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };
try
{
    await http.GetAsync("/health/live");
}
catch (HttpRequestException)
{
    Console.Error.WriteLine($"Nothing answers at {server}. Start the server first: dotnet run --project src/Gateway");
    return 1;
}

var collection = $"zones-{Guid.NewGuid():n}"[..20];
var rules = ZoneRules.All().ToList();
var clock = System.Diagnostics.Stopwatch.StartNew();
await Loading.Load(http, collection, rules);
Console.WriteLine($"loaded {rules.Count:N0} zone rules of {TimeZoneInfo.GetSystemTimeZones().Count} zones in {clock.Elapsed.TotalSeconds:0.0} s");

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
var bySocket = new Replica("WebSocket", collection);
var byPolling = new Replica("long polling", collection);
var following = Task.WhenAll(bySocket.FollowSocket(server, stop.Token), byPolling.FollowLongPolling(http, stop.Token));
await Task.WhenAll(bySocket.Holds(rules.Count, stop.Token), byPolling.Holds(rules.Count, stop.Token));
Console.WriteLine("both clients hold the whole table");

// Two people work through the same rules: one corrects names, the other counts visits and removes what is long past.
var edited = rules.Take(500).ToList();
await Task.WhenAll(
    Editing.ByPatch(http, collection, edited),
    Editing.BySocket(server, collection, edited));
var truth = await Loading.ReadAll(http, collection);
await Task.WhenAll(bySocket.Equals(truth, stop.Token), byPolling.Equals(truth, stop.Token));
Console.WriteLine($"after 1,000 edits from two clients both hold exactly the server's {truth.Count:N0} records");
await stop.CancelAsync();
await following;
return 0;
