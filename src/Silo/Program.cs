using OrleansSync.Silo;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrleansSyncSilo(new SiloSettings());
await builder.Build().RunAsync();
