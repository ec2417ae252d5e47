using System.Diagnostics;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>Keeps the tokens by which callers are known, of all nodes of a cluster. Guarantees that no secret is kept: only hashes come here.</summary>
public sealed class AccessActor : Actor<AccessState, AccessMessage, AccessEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.AccessKind);

    /// <inheritdoc/>
    public override AccessState Initial(string key) => AccessState.Empty;

    /// <inheritdoc/>
    public override void Handle(Turn<AccessState, AccessEntry> turn, AccessMessage message)
    {
        switch (message)
        {
            case AccessMessage.Create create:
                Create(turn, create);
                break;
            case AccessMessage.Revoke revoke when turn.State.Tokens.TryGetValue(revoke.Id, out var token):
                turn.Record(new AccessEntry.Revoked(revoke.Id));
                turn.Unproject(Projections.Tokens, revoke.Id);
                turn.Reply(revoke.Request, token);
                break;
            case AccessMessage.Revoke revoke:
                turn.Refuse(revoke.Request, ReplyStatus.NotFound, $"There is no token {revoke.Id}: it was revoked, has expired, or never was.");
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <inheritdoc/>
    public override AccessState Apply(AccessState state, AccessEntry entry) => entry switch
    {
        AccessEntry.Created created => new AccessState(state.Tokens.SetItem(created.Token.Hash.Id, created.Token)),
        AccessEntry.Revoked revoked => new AccessState(state.Tokens.Remove(revoked.Id)),
        AccessEntry.Expired expired => new AccessState(state.Tokens.Remove(expired.Id)),
        _ => throw new UnreachableException(),
    };

    private static void Create(Turn<AccessState, AccessEntry> turn, AccessMessage.Create create)
    {
        foreach (var (id, _) in turn.State.Tokens.Where(t => t.Value.ExpiresAt <= turn.Now))
        {
            turn.Record(new AccessEntry.Expired(id));
            turn.Unproject(Projections.Tokens, id);
        }

        if (turn.State.Tokens.ContainsKey(create.Hash.Id))
        {
            turn.Refuse(create.Request, ReplyStatus.AlreadyExists, "That token is there already: make up another secret.");
        }
        else if (create.ExpiresAt <= turn.Now)
        {
            turn.Refuse(create.Request, ReplyStatus.InvalidArgument, $"A token that expires at {create.ExpiresAt:u} would never be good: it is {turn.Now:u}.");
        }
        else if (turn.State.Tokens.Count >= AccessState.MostTokens)
        {
            turn.Refuse(create.Request, ReplyStatus.FailedPrecondition, $"There are {AccessState.MostTokens} tokens already: revoke one first.");
        }
        else
        {
            var token = new AccessToken(create.Hash, create.Name, create.Role, turn.Now, create.ExpiresAt);
            turn.Record(new AccessEntry.Created(token));
            turn.Project(Projections.Tokens, create.Hash.Id, token);
            turn.Reply(create.Request, token);
        }
    }
}
