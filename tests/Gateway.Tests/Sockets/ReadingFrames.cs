using System.Text;
using CsCheck;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

public class ReadingFrames
{
    private const int Limit = 200_000;

    [Fact]
    public async Task Several_messages_in_one_read_come_out_one_by_one()
    {
        var heard = await Read([.. ClientFrame.Text("one"), .. ClientFrame.Text("two"), .. ClientFrame.Of(Opcode.Ping, "hi"u8)]);

        Assert.Equal(["Text one", "Text two", "Ping hi"], heard);
    }

    [Fact]
    public async Task A_fragmented_message_is_whole_and_control_frames_between_its_parts_come_first()
    {
        var heard = await Read([
            .. ClientFrame.Of(Opcode.Text, "a"u8, final: false),
            .. ClientFrame.Of(Opcode.Ping, "p"u8),
            .. ClientFrame.Of(Opcode.Continuation, "b"u8, final: false),
            .. ClientFrame.Of(Opcode.Continuation, "c"u8),
            .. ClientFrame.Text("next")]);

        Assert.Equal(["Ping p", "Text abc", "Text next"], heard);
    }

    [Fact]
    public async Task An_empty_message_is_a_message() =>
        Assert.Equal(["Text "], await Read(ClientFrame.Text("")));

    [Fact]
    public async Task A_binary_message_is_told_apart() =>
        Assert.Equal(["Binary x"], await Read(ClientFrame.Of(Opcode.Binary, "x"u8)));

    public static TheoryData<string, byte[]> Wrong => new()
    {
        { "not masked", Frame.Of(Opcode.Text, "x"u8) },
        { "a reserved bit", [0xC1, 0x81, 0, 0, 0, 0, 0] },
        { "an unknown opcode", [0x83, 0x81, 0, 0, 0, 0, 0] },
        { "a fragmented ping", ClientFrame.Of(Opcode.Ping, "x"u8, final: false) },
        { "a long ping", ClientFrame.Of(Opcode.Ping, new byte[126]) },
        { "a continuation of nothing", ClientFrame.Of(Opcode.Continuation, "x"u8) },
        { "a message inside a message", [.. ClientFrame.Of(Opcode.Text, "x"u8, final: false), .. ClientFrame.Text("y")] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_not_WebSocket_is_garbage(string why, byte[] bytes)
    {
        _ = why;
        Assert.Equal("Garbage", (await Read(bytes))[^1]);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_by_its_header_alone()
    {
        byte[] header = [0x81, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0];

        Assert.Equal(["TooLarge"], await Read(header));
    }

    [Fact]
    public async Task Fragments_that_add_up_over_the_limit_are_refused()
    {
        var part = new byte[Limit / 2 + 1];
        var heard = await Read([
            .. ClientFrame.Of(Opcode.Text, part, final: false), .. ClientFrame.Of(Opcode.Continuation, part)]);

        Assert.Equal(["TooLarge"], heard);
    }

    [Fact]
    public async Task Whatever_way_bytes_are_cut_the_messages_are_the_same() =>
        await Gen.Select(Gen.Int[0, 70_000].Array[1, 6], Gen.Int[1, 20_000])
            .SampleAsync(async (sizes, cut) =>
            {
                var texts = sizes.Select((size, i) => new string((char)('a' + i), size)).ToArray();
                var heard = await Read([.. texts.SelectMany(ClientFrame.Text)], cut);
                return heard.SequenceEqual(texts.Select(text => "Text " + text));
            }, iter: 100);

    private static async Task<List<string>> Read(byte[] bytes, int cut = int.MaxValue)
    {
        using var reader = new FrameReader(new CutStream(bytes, cut), Limit);
        var all = new List<string>();
        while (await reader.Fill(default))
        {
            while (true)
            {
                var heard = reader.TryRead(out var payload);
                if (heard == Heard.Nothing) break;
                if (heard is Heard.Garbage or Heard.TooLarge) return [.. all, heard.ToString()];
                all.Add($"{heard} {Encoding.UTF8.GetString(payload.Span)}");
            }
        }
        return all;
    }

    /// <summary>Gives at most so many bytes at a time.</summary>
    private sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default) =>
            base.ReadAsync(buffer[..Math.Min(cut, buffer.Length)], cancel);
    }
}
