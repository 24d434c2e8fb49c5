using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansSync.Gateway.Feeds;

namespace OrleansSync.Gateway.SignalR;

/// <summary>What hub values are in SignalR's JSON: the bytes themselves, neither parsed into objects nor encoded again.</summary>
internal static class HubJson
{
    public static void AddTo(JsonSerializerOptions options)
    {
        options.Converters.Add(new Requests());
        options.Converters.Add(new Replies());
        options.Converters.Add(new Pages());
        options.Converters.Add(new HubPeople.Json());
    }

    private sealed class Requests : JsonConverter<HubRequest>
    {
        public override HubRequest Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            using var value = JsonDocument.ParseValue(ref reader);
            return new(JsonMarshal.GetRawUtf8Value(value.RootElement).ToArray());
        }

        public override void Write(Utf8JsonWriter writer, HubRequest request, JsonSerializerOptions options) => Raw(writer, request.Json);
    }

    private sealed class Replies : JsonConverter<HubReply>
    {
        public override HubReply Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, HubReply reply, JsonSerializerOptions options) => Raw(writer, reply.Json);
    }

    private sealed class Pages : JsonConverter<FeedPage>
    {
        public override FeedPage Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, FeedPage page, JsonSerializerOptions options) => Raw(writer, page.Json);
    }

    private static void Raw(Utf8JsonWriter writer, ReadOnlyMemory<byte> json) => writer.WriteRawValue(json.Span, skipInputValidation: true);
}
