using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>A deployment of ours that runs already. It is written to as any client would, into the collection <c>bench</c>, and not cleaned up.</summary>
internal sealed class TargetContender(Address address) : IContender
{
    public string Name => $"OrleansSync at {address}";
    public string Version => "";
    public Traits Traits { get; } = new(Kept.Synced, Concurrent.Refused, Increments: true, Resumes: true);

    public async Task<ILiveServer> Start(int records)
    {
        using var editor = await OrleansSyncEditor.Connect(address, -1);
        await editor.Create();
        return new Deployment(address, records, await ListeningProcess.Of(address), Deployment.NewRun());
    }
}
