using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>What hub values are in SignalR's MessagePack: see <see cref="MessagePackText"/>. A page is encoded once for everybody.</summary>
internal static class HubMessagePack
{
    public static MessagePackSerializerOptions AddTo(MessagePackSerializerOptions options) => options
        .WithSecurity(MessagePackSecurity.UntrustedData)
        .WithResolver(CompositeResolver.Create([new Requests(), new Replies(), new Pages(), new HubPeople.Packed()], [options.Resolver]));

    private sealed class Requests : IMessagePackFormatter<HubRequest?>
    {
        /// <summary>A refusal is carried to the method, which can say why; thrown here it would only be an unreadable call.</summary>
        public HubRequest Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            var whole = reader.CreatePeekReader();
            try
            {
                return new(MessagePackText.Decode(ref reader));
            }
            catch (RefusedException refused)
            {
                reader = whole;
                reader.Skip();
                return new(default, refused.Problem);
            }
        }

        public void Serialize(ref MessagePackWriter writer, HubRequest? value, MessagePackSerializerOptions options) =>
            throw new NotSupportedException();
    }

    private sealed class Replies : IMessagePackFormatter<HubReply?>
    {
        public HubReply Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => throw new NotSupportedException();

        public void Serialize(ref MessagePackWriter writer, HubReply? reply, MessagePackSerializerOptions options) =>
            writer.WriteRaw(MessagePackText.Encode(reply!.Json.Span));
    }

    private sealed class Pages : IMessagePackFormatter<FeedPage?>
    {
        public FeedPage Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => throw new NotSupportedException();

        public void Serialize(ref MessagePackWriter writer, FeedPage? page, MessagePackSerializerOptions options) =>
            writer.WriteRaw(page!.MessagePack(static page => MessagePackText.Encode(page.Json.Span)).Span);
    }
}
