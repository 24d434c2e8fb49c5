using System.Buffers;
using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>Writes the version after the one it has seen; a refusal brings the newest version and data.</summary>
internal sealed class DeepstreamEditor(Conversation conversation) : IEditor
{
    private static readonly byte[] Hot = "hot-record"u8.ToArray();
    private const int Acknowledged = 14;
    private const int Answered = 4;
    private int _sent;

    public static async Task<DeepstreamEditor> Connect(int port)
    {
        var conversation = await Conversation.Open(port, "/deepstream");
        await conversation.Send(DeepstreamDialect.Challenge());
        await conversation.Next([0x10, DeepstreamMessage.Connection, 0x1a]);
        await conversation.Send(DeepstreamDialect.Login());
        await conversation.Next([0x10, DeepstreamMessage.Authentication, 0x1a]);
        return new(conversation);
    }

    public Task Create() => Set(DeepstreamMessage.CreateAndUpdate, -1, 0);

    public Task<int> Increment() => ReadModifyWrite();

    public async Task<int> ReadModifyWrite()
    {
        var seen = await Get();
        for (var attempt = 1; ; attempt++)
        {
            var answer = await Set(DeepstreamMessage.Update, seen.Version + 1, seen.Count + 1);
            if (answer.Action == Acknowledged) return attempt;
            seen = answer.Data is null ? await Get() : answer;
        }
    }

    public async Task<long> Read() => (await Get()).Count;

    private async Task<Answer> Get()
    {
        var content = new ArrayBufferWriter<byte>();
        content.Number(DeepstreamMessage.Action, DeepstreamMessage.Read);
        content.Text(DeepstreamMessage.Name, Hot);
        await conversation.Send(DeepstreamDialect.Message(DeepstreamMessage.Record, content));
        for (; ; )
        {
            var answer = Answer.Of((await conversation.Next(Hot)).Span);
            if (answer.Action == Answered) return answer;
        }
    }

    private async Task<Answer> Set(int action, int version, long count)
    {
        var content = new ArrayBufferWriter<byte>();
        content.Number(DeepstreamMessage.Action, action);
        content.Text(DeepstreamMessage.Data, System.Text.Encoding.UTF8.GetBytes($$"""{"count":{{count}}}"""));
        content.Text(DeepstreamMessage.Correlation, System.Text.Encoding.UTF8.GetBytes($"{++_sent}"));
        content.Text(DeepstreamMessage.Name, Hot);
        content.Number(DeepstreamMessage.WantsAnswer, 1);
        content.Number(DeepstreamMessage.Version, version);
        await conversation.Send(DeepstreamDialect.Message(DeepstreamMessage.Record, content));
        return Answer.Of((await conversation.Next(Hot)).Span);
    }

    public void Dispose() => conversation.Dispose();

    /// <summary>What of an answer matters here.</summary>
    private readonly record struct Answer(int Action, int Version, string? Data)
    {
        public long Count
        {
            get
            {
                using var data = JsonDocument.Parse(Data!);
                return data.RootElement.GetProperty("count").GetInt64();
            }
        }

        public static Answer Of(ReadOnlySpan<byte> message)
        {
            var reader = new VarReader(message);
            reader.Uint();
            reader.Uint();
            reader.Uint();
            reader.Uint();
            reader = new(reader.Bytes());
            var (action, version, data) = (0, 0, (string?)null);
            while (!reader.AtEnd)
            {
                var field = reader.Uint();
                var text = (field & 7) == 2 ? reader.Bytes() : default;
                var number = (field & 7) == 0 ? (int)reader.Uint() : 0;
                switch (field >> 3)
                {
                    case DeepstreamMessage.Action: action = number; break;
                    case DeepstreamMessage.Version: version = number; break;
                    case DeepstreamMessage.Data: data = System.Text.Encoding.UTF8.GetString(text); break;
                }
            }

            return new(action, version, data);
        }
    }
}
