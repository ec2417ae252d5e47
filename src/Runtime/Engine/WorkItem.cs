namespace Latecomer.Runtime;

/// <summary>What makes one turn: a message, a timer, or a request that was offered.</summary>
internal abstract record WorkItem
{
    private WorkItem()
    {
    }

    public abstract ActorId Actor { get; }

    public abstract ActorId? Sender { get; }

    public abstract SerializedMessage Message { get; }

    public abstract string Cause { get; }

    public abstract int Attempts { get; }

    /// <summary>The request that the message came with; null if it is not from the edge.</summary>
    public virtual RequestId? Request => null;

    public sealed record Letter(Mail Mail) : WorkItem
    {
        public override ActorId Actor => Mail.To;

        public override ActorId? Sender => Mail.From;

        public override SerializedMessage Message => Mail.Message;

        public override string Cause => Mail.Cause;

        public override int Attempts => Mail.Attempts;

        public override RequestId? Request => Mail.Request;
    }

    public sealed record Alarm(DueTimer Timer) : WorkItem
    {
        public override ActorId Actor => Timer.Key.Actor;

        public override ActorId? Sender => null;

        public override SerializedMessage Message => Timer.Message;

        public override string Cause => Timer.Cause;

        public override int Attempts => Timer.Attempts;
    }

    /// <summary>Its attempts are not counted: where its turn fails it is declined, and the next one is that of a letter.</summary>
    public sealed record Offer(OfferedRequest Offered) : WorkItem
    {
        private readonly string _cause = Offered.Request.Cause;

        public override ActorId Actor => Offered.Request.To;

        public override ActorId? Sender => null;

        public override SerializedMessage Message => Offered.Request.Message;

        public override string Cause => _cause;

        public override int Attempts => 0;

        public override RequestId? Request => Offered.Request.Id;
    }
}
