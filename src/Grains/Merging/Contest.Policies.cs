using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Concurrent paths: what the policy of each makes of the value that came beside the one that stands.</summary>
internal sealed partial class Contest
{
    /// <summary>What the path's policy makes of a concurrent value. True when the incoming one takes effect at its own stamp.</summary>
    private bool Decide(Node? value, Node? current, Stamp stands)
    {
        var path = Path;
        switch (question.PolicyOf(path))
        {
            case CollectionSettings.LastWriterWins:
                return LaterWins(path, value, current, stands);
            case CollectionSettings.Reject:
                Refuse(path, stands);
                return false;
            case CollectionSettings.Manual:
                Hold(path, value, current, stands);
                return false;
            case var custom:
                Resolve(path, custom, value, current, stands);
                return false;
        }
    }

    private bool LaterWins(string path, Node? value, Node? current, Stamp stands)
    {
        var incoming = question.Own > stands;
        _fields.Add(Verdict.OfStamps(path, incoming, question.Own, stands));
        if (incoming) TookEffect = true;
        else Want(path, value, current);
        return incoming;
    }

    private void Refuse(string path, Stamp stands)
    {
        IsRejected = true;
        _fields.Add(Verdict.Rejected(path, stands));
    }

    private void Hold(string path, Node? value, Node? current, Stamp stands)
    {
        _held.Add(new(path, value));
        _fields.Add(Verdict.Held(path, stands));
        Want(path, value, current);
    }

    private void Resolve(string path, string policy, Node? value, Node? current, Stamp stands)
    {
        var resolved = CustomVerdict.Of(question, path, policy, value, current, stands, [.. _at]);
        _fields.Add(Verdict.ByPolicy(path, resolved.Kept, policy, question.Own, stands));
        if (resolved.Kept == Kept.Current) Want(path, value, current);
        else TookEffect = true;
        // Also a value that is kept is stamped anew where the write would otherwise replace it from above.
        if (resolved.Kept != Kept.Current || (question.Own > stands && current is { IsAbsent: false }))
            _afterwards.Add(([.. _at], resolved.Value, question.Own.Past(stands).Past(question.Own)));
    }

    private void Want(string path, Node? value, Node? current) => _wanted.Add(new(path, Text(current), Text(value)));

    private static byte[]? Text(Node? node) => node is null or { IsAbsent: true } ? null : NodeText.Write(node);
}
