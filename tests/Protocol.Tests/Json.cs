using System.Buffers;
using System.Text;

namespace OrleansSync.Protocol.Tests;

/// <summary>Short ways between text and bytes, so that tests show only what they are about.</summary>
internal static class Json
{
    public delegate void Writing(IBufferWriter<byte> target);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    public static string Written(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return Text(buffer.WrittenSpan);
    }

    public static Problem Refused(Action action) => Assert.Throws<RefusedException>(action).Problem;
}
