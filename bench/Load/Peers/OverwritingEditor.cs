namespace OrleansSync.Load.Peers;

/// <summary>Reads and writes with nothing in between, where a server knows no other way.</summary>
internal abstract class OverwritingEditor(Conversation conversation) : IEditor
{
    protected Conversation Conversation => conversation;

    public abstract Task<long> Read();

    public abstract Task Set(long count);

    public Task<int> Increment() => ReadModifyWrite();

    public async Task<int> ReadModifyWrite()
    {
        await Set(await Read() + 1);
        return 1;
    }

    public void Dispose() => conversation.Dispose();
}
