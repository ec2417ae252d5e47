namespace Latecomer.Runtime;

/// <summary>What makes one turn: a message or a timer.</summary>
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

    public sealed record Letter(Mail Mail) : WorkItem
    {
        public override ActorId Actor => Mail.To;

        public override ActorId? Sender => Mail.From;

        public override SerializedMessage Message => Mail.Message;

        public override string Cause => Mail.Cause;

        public override int Attempts => Mail.Attempts;
    }

    public sealed record Alarm(DueTimer Timer) : WorkItem
    {
        public override ActorId Actor => Timer.Key.Actor;

        public override ActorId? Sender => null;

        public override SerializedMessage Message => Timer.Message;

        public override string Cause => Timer.Cause;

        public override int Attempts => Timer.Attempts;
    }
}
