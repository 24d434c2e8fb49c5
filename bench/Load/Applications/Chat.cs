using System.Text;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Applications;

/// <summary>Many rooms of a few members: each follows its room by a filter, and every message is a new record.</summary>
internal sealed class Chat(int clients, int rate, Random random) : Application($"chat-{Guid.NewGuid():N}", rate)
{
    private const int Members = 5;

    private readonly int _rooms = Math.Max(1, clients / Members);
    private readonly List<IWriter> _connections = [];

    public override string Name => "chat";

    public override async Task Open(Address address)
    {
        for (var i = 0; i < Connections; i++) _connections.Add(await Connect(address, "put"));
        for (var client = 0; client < clients; client++) await Join(address, $$"""{"room":"room-{{client % _rooms}}"}""");
    }

    protected override int Send(int number, long due)
    {
        var room = random.Next(_rooms);
        _ = _connections[number % Connections].Write(new(number, Encoding.UTF8.GetBytes(
            $$"""{"room":"room-{{room}}","from":"user-{{number % clients}}","text":"a line of chat of the usual length, number {{number}}","sent":{{due}}}""")));
        return InRoom(room);
    }

    private int InRoom(int room) => (clients - room + _rooms - 1) / _rooms;
}
