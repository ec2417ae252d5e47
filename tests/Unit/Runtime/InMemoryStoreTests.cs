using Latecomer.Runtime;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

public sealed class InMemoryStoreUnderTest : IStoreUnderTest
{
    public ValueTask<IRuntimeStore> Open(TimeProvider time) => ValueTask.FromResult<IRuntimeStore>(new InMemoryRuntimeStore(time));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class InMemoryMembershipTests : MembershipCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryLeaseTests : LeaseCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryFenceTests : FenceCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryMailTests : MailCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryTimerTests : TimerCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryRequestTests : RequestCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryActivityTests : ActivityCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryActorTests : ActorCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryHistoryTests : HistoryCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryRetentionTests : RetentionCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryDeadLetterTests : DeadLetterCompliance<InMemoryStoreUnderTest>;

public sealed class InMemoryNodeTests : NodeCompliance<InMemoryStoreUnderTest>;
