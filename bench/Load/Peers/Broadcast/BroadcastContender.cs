using System.Buffers;
using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>The limit of the transport: <see cref="BroadcastPeer"/>.</summary>
internal sealed class BroadcastContender : IContender
{
    public string Name => "Kestrel WebSockets alone";
    public string Version => Environment.Version.ToString();
    public Traits Traits { get; } = new(Kept.InMemory, Concurrent.Overwrites, Increments: false, Resumes: false, EveryWrite: false);

    public async Task<ILiveServer> Start(int records)
    {
        var port = FreePort.Take();
        var process = await PeerProcess.Start("dotnet", [typeof(BroadcastContender).Assembly.Location, "peer-broadcast", $"http://127.0.0.1:{port}"]);
        return await At(port, records, process).After(async () =>
        {
            using var editor = await Editor.Connect(port);
            await editor.Set(0);
        });
    }

    /// <summary>One that runs, as its clients see it.</summary>
    public static LivePeer At(int port, int records, params IReadOnlyList<PeerProcess> processes) => new(processes, [port], records)
    {
        Dialect = _ => new Words("/write"),
        Follower = _ => new Words("/follow"),
        Edit = async (at, _) => await Editor.Connect(at),
        BareTransport = port,
    };

    /// <summary>Writers and followers have paths of their own.</summary>
    private sealed class Words(string path) : Dialect
    {
        public override string Path => path;
        public override byte[] Answer { get; } = [0x81, 2, (byte)'o', (byte)'k'];
        public override byte[] Delivery { get; } = "w r-"u8.ToArray();

        public override Task Follow(RawSocket socket, int records) => Task.CompletedTask;

        public override void Write(IBufferWriter<byte> to, int number, Write write)
        {
            to.Write("w r-"u8);
            to.Number(write.Record);
            to.Write(" "u8);
            to.Write(write.Data);
        }
    }

    private sealed class Editor(Conversation conversation) : OverwritingEditor(conversation)
    {
        public static async Task<Editor> Connect(int port) => new(await Conversation.Open(port, "/write"));

        public override async Task<long> Read()
        {
            await Conversation.Send("g hot");
            var answer = (await Conversation.Next())["w hot ".Length..];
            using var data = JsonDocument.Parse(answer);
            return data.RootElement.GetProperty("count").GetInt64();
        }

        public override async Task Set(long count)
        {
            await Conversation.Send($$"""w hot {"count":{{count}}}""");
            await Conversation.Next();
        }
    }
}
