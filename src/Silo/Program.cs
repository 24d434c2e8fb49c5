using OrleansSync.Silo;

// A silo alone. With SQLite one process holds the data: src/Gateway, which serves it too, is what to run.
var builder = WebApplication.CreateBuilder(args);
var defaults = new SiloSettings();
builder.AddOrleansSyncSilo(defaults with
{
    Data = builder.Configuration["Data"] ?? defaults.Data,
    Address = builder.Configuration["Cluster:Address"] ?? defaults.Address,
    SiloPort = builder.Configuration.GetValue("Cluster:SiloPort", defaults.SiloPort),
    GatewayPort = builder.Configuration.GetValue("Cluster:GatewayPort", defaults.GatewayPort),
    DataBytes = builder.Configuration.GetValue("Limits:DataBytes", defaults.DataBytes),
    ClockDrift = TimeSpan.FromSeconds(builder.Configuration.GetValue("ClockDriftSeconds", defaults.ClockDrift.TotalSeconds)),
});
await builder.Build().RunAsync();
