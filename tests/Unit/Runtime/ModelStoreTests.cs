using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres.Model;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>The model of PostgreSQL under the store's own transactions is a store like the others, as long as nothing happens to it.</summary>
public sealed class ModelStoreUnderTest : IStoreUnderTest
{
    public ValueTask<IRuntimeStore> Open(TimeProvider time) =>
        ValueTask.FromResult<IRuntimeStore>(new ModelStore(new ModelDatabase(time), new CalmClient(), new NoWatch()));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class ModelMembershipTests : MembershipCompliance<ModelStoreUnderTest>;

public sealed class ModelLeaseTests : LeaseCompliance<ModelStoreUnderTest>;

public sealed class ModelFenceTests : FenceCompliance<ModelStoreUnderTest>;

public sealed class ModelMailTests : MailCompliance<ModelStoreUnderTest>;

public sealed class ModelTimerTests : TimerCompliance<ModelStoreUnderTest>;

public sealed class ModelRequestTests : RequestCompliance<ModelStoreUnderTest>;

public sealed class ModelActivityTests : ActivityCompliance<ModelStoreUnderTest>;

public sealed class ModelActorTests : ActorCompliance<ModelStoreUnderTest>;

public sealed class ModelHistoryTests : HistoryCompliance<ModelStoreUnderTest>;

public sealed class ModelRetentionTests : RetentionCompliance<ModelStoreUnderTest>;

public sealed class ModelDeadLetterTests : DeadLetterCompliance<ModelStoreUnderTest>;
