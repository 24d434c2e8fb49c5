using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// Server-sent events: pages one after another, a comment when nothing was sent for a while, a problem at the end. A reader who is slow holds up only
/// this loop.
/// </summary>
internal sealed class EventStream(FeedRegistry feeds, TimeProvider clock, IHostApplicationLifetime life)
{
    public const string MediaType = "text/event-stream";

    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(15);

    /// <summary>Written without waiting for the reader before a flush: several pages leave as one.</summary>
    private const int MaxUnflushed = 256 * 1024;

    public async Task Send(HttpContext http, FeedRequest request)
    {
        await using var subscription = await feeds.Subscribe(request, http.RequestAborted);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        Open(http);
        var quiet = new Quiet();
        await using var timer = clock.CreateTimer(
            _ =>
            {
                quiet.IsOver = true;
                subscription.Nudge();
            },
            null, QuietPeriod, QuietPeriod);
        try
        {
            await Pump(http.Response.BodyWriter, subscription, quiet, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left, or the server does: they come back with Last-Event-ID.
        }
    }

    private static void Open(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = MediaType;
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }

    private static async Task Pump(PipeWriter body, Subscription subscription, Quiet quiet, CancellationToken cancel)
    {
        try
        {
            while (await subscription.WaitToRead(cancel))
            {
                while (body.UnflushedBytes < MaxUnflushed && subscription.TryRead(out var page)) WritePage(body, page);
                if (body.UnflushedBytes == 0 && quiet.IsOver) body.Write(": quiet\n\n"u8);
                quiet.IsOver = false;
                if (body.UnflushedBytes > 0 && (await body.FlushAsync(cancel)).IsCompleted) return;
            }
        }
        catch (RefusedException refused)
        {
            WriteProblem(body, refused.Problem);
        }
        if (subscription.End is { } end) WriteProblem(body, end);
        await body.FlushAsync(cancel);
    }

    private static void WritePage(PipeWriter body, FeedPage page)
    {
        body.Write("event: changes\nid: "u8);
        Encoding.ASCII.GetBytes(page.Cursor, body);
        body.Write("\ndata: "u8);
        body.Write(page.Json.Span);
        body.Write("\n\n"u8);
    }

    private static void WriteProblem(PipeWriter body, Problem problem)
    {
        body.Write("event: problem\ndata: "u8);
        var json = new JsonOut(body);
        json.Raw("{\"code\":"u8);
        json.String(problem.Code);
        json.Raw(",\"detail\":"u8);
        json.String(problem.Detail);
        json.Raw('}');
        json.End();
        body.Write("\n\n"u8);
    }

    /// <summary>Whether the comment is due; one that comes a little late or early harms nobody.</summary>
    private sealed class Quiet
    {
        private volatile bool _isOver;

        public bool IsOver
        {
            get => _isOver;
            set => _isOver = value;
        }
    }
}
