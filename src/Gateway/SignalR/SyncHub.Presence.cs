using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using OrleansSync.Gateway.Presence;

namespace OrleansSync.Gateway.SignalR;

/// <summary>Who is looking at or editing what, over the hub.</summary>
internal sealed partial class SyncHub
{
    private static readonly HubReply Nothing = new("{}"u8.ToArray());

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.ContainsKey(typeof(HubCaller))) HubCaller.Of(Context).Close();
        return Task.CompletedTask;
    }

    /// <summary><c>{"collection", "record", "fields", "state", "seconds"}</c> → <c>{}</c> once everybody can see it.</summary>
    public async Task<HubReply> Announce(HubRequest request)
    {
        try
        {
            var who = HubCaller.Of(Context);
            var asked = AnnounceRequest.Of(request.Members);
            await await calls.Presence.Announce(who.Announcer(calls.Presence), asked, who.Current, who.Client);
            return Nothing;
        }
        catch (Exception failure)
        {
            throw PresenceRefusal(failure);
        }
    }

    /// <summary><c>{"collection", "record"}</c> → <c>{"people": […]}</c> at once and at each change; without record everybody in the collection.</summary>
    public async IAsyncEnumerable<People> Presence(HubRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var who = HubCaller.Of(Context);
        using var watch = await OpenWatch(request, who, cancel);
        try
        {
            while (await Next(watch, cancel) is { } people) yield return people;
        }
        finally
        {
            who.CloseStream();
        }
    }

    private async ValueTask<PresenceWatch> OpenWatch(HubRequest request, HubCaller who, CancellationToken cancel)
    {
        try
        {
            var asked = WatchRequest.Of(request.Members);
            who.OpenStream();
            try
            {
                return await calls.Presence.Watch(asked, () => who.Current, cancel);
            }
            catch
            {
                who.CloseStream();
                throw;
            }
        }
        catch (Exception failure)
        {
            throw PresenceRefusal(failure);
        }
    }

    /// <summary>Who is there now, when that is new; null when the reader has gone.</summary>
    private async ValueTask<People?> Next(PresenceWatch watch, CancellationToken cancel)
    {
        try
        {
            await watch.Wait(cancel);
            return await watch.Read(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            throw PresenceRefusal(failure);
        }
    }

    private HubException PresenceRefusal(Exception failure)
    {
        var problem = PresenceGate.ProblemOf(failure);
        return problem.Code == Protocol.Codes.Internal ? Refusal(failure) : new($"{problem.Code}: {problem.Detail}");
    }
}
