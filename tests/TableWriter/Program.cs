using System.Diagnostics;
using System.Globalization;
using Latecomer.DeltaLog;

// One process of those that append to a table at once. TableWriter TABLE NAME FROM UPTO makes the commits [FROM, UPTO) of the writer NAME, each with a file
// and a txn of its number, and prints a line "NUMBER VERSION" for each once it is in the log, or "NUMBER already" if an earlier life of it had put it there.
var (folder, name) = (args[0], args[1]);
var (from, upTo) = (long.Parse(args[2], CultureInfo.InvariantCulture), long.Parse(args[3], CultureInfo.InvariantCulture));
var table = DeltaTable.At(folder);
for (var number = from; number < upTo; number++)
{
    var file = new AddFile
    {
        Path = $"writer={name}/{number}.parquet",
        PartitionValues = PartitionValues.Of("writer", name),
        Size = 100,
        ModificationTime = number,
        NumRecords = 1,
        Stats = """{"numRecords":1}""",
    };
    var told = await table.Append([file], new CommitOrigin(new SetTransaction($"writer {name}", number))) switch
    {
        CommitResult.Committed committed => $"{committed.Version}",
        CommitResult.AlreadyCommitted => "already",
        var result => throw new UnreachableException($"{result}"),
    };
    Console.Out.WriteLine($"{number} {told}");
}
