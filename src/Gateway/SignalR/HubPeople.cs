using System.Text.Json;
using System.Text.Json.Serialization;
using MessagePack;
using MessagePack.Formatters;
using OrleansSync.Gateway.Presence;

namespace OrleansSync.Gateway.SignalR;

/// <summary>Who is there, in SignalR's two protocols: encoded once for everybody who watches.</summary>
internal static class HubPeople
{
    public sealed class Json : JsonConverter<People>
    {
        public override People Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, People people, JsonSerializerOptions options) =>
            writer.WriteRawValue(people.Json.Span, skipInputValidation: true);
    }

    public sealed class Packed : IMessagePackFormatter<People?>
    {
        public People Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => throw new NotSupportedException();

        public void Serialize(ref MessagePackWriter writer, People? people, MessagePackSerializerOptions options) =>
            writer.WriteRaw(people!.MessagePack(static people => MessagePackText.Encode(people.Json.Span)).Span);
    }
}
