using System.Text;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Applications;

/// <summary>
/// A board of cards that all members follow whole: single fields are edited, votes counted, cards moved by the field that orders them; and one in twenty edits comes from
/// somebody who has only seen the card as it was made, so that it meets whatever was edited since.
/// </summary>
internal sealed class Board(int clients, int cards, int rate, Random random) : Application($"board-{Guid.NewGuid():N}", rate)
{
    private const int InProgress = 64;
    private static readonly string[] Columns = ["to do", "doing", "done"];

    private readonly List<IWriter> _connections = [];
    private IWriter? _late;

    public override string Name => "board";

    public override async Task Open(Address address)
    {
        using (var maker = await SocketWriter.Connect(address, new OrleansSyncDialect(-1, Collection)))
            foreach (var some in Enumerable.Range(0, cards).Chunk(InProgress)) await Task.WhenAll(some.Select(card => maker.Write(new(card, Card(card)))));
        for (var i = 0; i < Connections; i++) _connections.Add(await Connect(address, "patch"));
        _late = await Connect(address, "patch", @base: 1);
        for (var client = 0; client < clients; client++) await Join(address, null);
    }

    protected override int Send(int number, long due)
    {
        var card = random.Next(cards);
        var (writer, edit) = random.Next(100) switch
        {
            < 20 => (Usual(number), """ "votes":{"$increment":1} """),
            < 35 => (Usual(number), $$""" "column":"{{Columns[random.Next(Columns.Length)]}}","order":{{random.Next(1_000_000)}} """),
            < 40 => (_late!, Title(number)),
            < 70 => (Usual(number), Title(number)),
            _ => (Usual(number), $$""" "assignee":"user-{{random.Next(clients)}}" """),
        };
        _ = writer.Write(new(card, Encoding.UTF8.GetBytes($$"""{{{edit}},"sent":{{due}}}""")));
        return clients;
    }

    private IWriter Usual(int number) => _connections[number % Connections];

    private static string Title(int number) => $$""" "title":"What is to be done, as of edit {{number}}" """;

    private static byte[] Card(int card) => Encoding.UTF8.GetBytes(
        $$"""{"title":"What is to be done","column":"to do","order":{{card}},"votes":0,"assignee":"nobody","notes":"the corner shop closes at eight in the evening","sent":0}""");
}
