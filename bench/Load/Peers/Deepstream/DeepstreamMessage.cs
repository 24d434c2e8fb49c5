using System.Buffers;

namespace OrleansSync.Load.Peers;

/// <summary>deepstream's binary messages: a protocol buffer of topic and content, with its length before it.</summary>
internal static class DeepstreamMessage
{
    public const byte Connection = 2;
    public const byte Authentication = 3;
    public const byte Record = 5;

    public const int Read = 3;
    public const int CreateAndUpdate = 16;
    public const int Update = 18;
    public const int SubscribeAndRead = 22;
    public const int Subscribe = 25;

    // Fields of a record message.
    public const int Action = 1;
    public const int Data = 2;
    public const int Correlation = 3;
    public const int Name = 6;
    public const int Names = 7;
    public const int WantsAnswer = 11;
    public const int Version = 13;

    public static void Write(IBufferWriter<byte> to, byte topic, ReadOnlySpan<byte> content)
    {
        var length = 2 + 1 + VarUintLength(content.Length) + content.Length;
        to.VarUint((uint)length);
        to.Write<byte>([0x10, topic, 0x1a]);
        to.VarBytes(content);
    }

    public static void Number(this IBufferWriter<byte> to, int field, int number)
    {
        to.VarUint((uint)(field << 3));
        if (number >= 0) to.VarUint((uint)number);
        // The only negative number that is sent: minus one, as 64 bits.
        else to.Write<byte>([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    }

    public static void Text(this IBufferWriter<byte> to, int field, ReadOnlySpan<byte> text)
    {
        to.VarUint((uint)((field << 3) | 2));
        to.VarBytes(text);
    }

    private static int VarUintLength(int number)
    {
        var length = 1;
        for (; number > 0x7f; number >>= 7) length++;
        return length;
    }
}
