namespace OrleansSync.Silo.Cluster;

/// <summary>
/// A process' way to the silos of others, made beside everything else: the process serves while it looks for them, and says that it is not
/// ready. Once made, it finds silos that come and go by itself.
/// </summary>
public sealed class ClusterConnection : BackgroundService
{
    internal static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private readonly IHostedService _client;
    private readonly SiloSettings _settings;
    private volatile bool _isMade;

    internal ClusterConnection(IClusterClient client, SiloSettings settings) => (_client, _settings) = ((IHostedService)client, settings);

    /// <summary>True from when the first silo was found.</summary>
    public bool IsMade => _isMade;

    /// <summary>Throws where the database does not let this process in; that no silo is there yet is no reason to.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await (await ClusterDatabase.Reach(_settings.Postgres!, cancellationToken)).DisposeAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _client.StartAsync(stoppingToken);
            _isMade = true;
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // It was told to stop before any silo came.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_isMade) await _client.StopAsync(cancellationToken);
    }
}
