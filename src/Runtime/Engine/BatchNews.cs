namespace Latecomer.Runtime;

/// <summary>Tells those who wait what a batch that has become durable brings them.</summary>
internal static class BatchNews
{
    public static void Tell(NodeServices services, BatchBuilder builder)
    {
        var batch = builder.Batch;
        foreach (var shard in batch.Sends.Select(s => s.Shard).Distinct())
        {
            services.Hints.Publish(new Hint.MailArrived(shard));
        }

        var replies = new Dictionary<RequestId, StoredReply>();
        batch.Replies.ForEach(r => replies.TryAdd(r.Request, r.Reply));
        foreach (var offered in builder.Offered)
        {
            replies.Remove(offered.Request.Id, out var reply);
            offered.TakeUp(reply);
        }

        foreach (var request in replies.Keys)
        {
            services.Hints.Publish(new Hint.ReplyDecided(request));
        }

        if (batch.Activities.Exists(a => a.Kind is not null))
        {
            services.Hints.Publish(new Hint.ActivityStarted(batch.Lease.Shard));
        }

        if (batch.Activities.Exists(a => a.Kind is null))
        {
            services.Hints.Publish(new Hint.CancelRequested());
        }

        batch.DeadLetters.ForEach(letter => services.Observer.DeadLettered(services.Self, letter));
        services.Observer.TurnsCommitted(services.Self, batch.Lease.Shard, builder.Turns);
    }
}
