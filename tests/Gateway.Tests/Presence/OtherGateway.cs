using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Presence;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Presence;

/// <summary>What another gateway on the same silo does for one connection of its own: other desks, other announcements, the same grains.</summary>
internal sealed class OtherGateway : IDisposable
{
    private readonly PresenceDesks _desks;
    private readonly PresenceGate _gate;

    public OtherGateway(RunningGateway gateway)
    {
        var services = gateway.Services;
        _desks = new(
            services.GetRequiredService<IGrainFactory>(), TimeProvider.System, services.GetRequiredService<IHostApplicationLifetime>(),
            NullLogger<PresenceDesks>.Instance);
        _gate = new(_desks, services.GetRequiredService<ReadGate>(), TimeProvider.System);
        Connection = _gate.NewAnnouncer();
    }

    public Announcer Connection { get; }

    public async Task Announce(string collection, string record, string client, int seconds = 300) => await await _gate.Announce(
        Connection, new(new RecordKey(collection, record), null, null, TimeSpan.FromSeconds(seconds)), Caller.Anonymous, client);

    public async Task<PresenceWatch> Watch(string collection) => await _gate.Watch(new(collection, null), () => Caller.Anonymous, default);

    /// <summary>Ends as a process does that is killed: it takes nothing back.</summary>
    public void Dispose() => _desks.Dispose();
}
