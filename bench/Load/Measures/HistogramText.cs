using HdrHistogram;
using HdrHistogram.Utilities;

namespace OrleansSync.Load.Measures;

/// <summary>A histogram as text: HdrHistogram's compressed V2 encoding in base64.</summary>
internal static class HistogramText
{
    public static string Write(HistogramBase histogram)
    {
        // Recorded into by several threads, it cannot be encoded itself.
        var still = new LongHistogram(1, TimeSpan.TicksPerMinute, 3);
        still.Add(histogram);
        var buffer = ByteBuffer.Allocate(still.GetNeededByteBufferCapacity() + 64);
        var bytes = new byte[still.EncodeIntoCompressedByteBuffer(buffer)];
        buffer.Position = 0;
        for (var i = 0; i < bytes.Length; i++) bytes[i] = buffer.Get();
        return Convert.ToBase64String(bytes);
    }

    public static HistogramBase Read(string text) => HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(Convert.FromBase64String(text)), 0);
}
