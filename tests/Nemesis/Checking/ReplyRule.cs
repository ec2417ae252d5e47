using System.Net;
using Latecomer.Runtime;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Invariant 9, from the outside: one id gets one answer, through whichever node; and what was acknowledged is in the store.</summary>
internal sealed class ReplyRule(Findings findings, Ledger ledger)
{
    private const string Invariant = "9 (what was acknowledged)";

    public void Check(IReadOnlyList<Answer> answers, IReadOnlyList<WalTransaction> transactions)
    {
        var stored = StoredIn(transactions);
        foreach (var of in answers.Where(a => a.IsForGood).GroupBy(a => a.Id, StringComparer.Ordinal))
        {
            var different = of.DistinctBy(a => (a.Status, a.Body)).ToList();
            if (different.Count > 1)
            {
                findings.Report(Invariant, $"{of.Key} got {different.Count} different answers: {string.Join("; ", different)}");
            }

            CheckStored(of.First(), stored);
        }
    }

    private void CheckStored(Answer answer, Dictionary<string, StoredReply> stored)
    {
        if (!stored.TryGetValue(answer.Id, out var reply))
        {
            findings.Report(Invariant, $"{answer.Id} was answered {answer.Status} by {answer.Node}, but the store has no answer to it");
        }
        else if ((reply.Status == ReplyStatus.Ok) != (answer.Status == HttpStatusCode.OK))
        {
            findings.Report(Invariant, $"{answer.Id} was answered {answer.Status} by {answer.Node}, but the store has {reply.Status}");
        }
        else if (reply is { Status: ReplyStatus.Ok, Body: { } body } && answer.Id.StartsWith("trigger-", StringComparison.Ordinal))
        {
            var run = DurableJson.Read<Actors.TriggerReply>(body).Run;
            if (!answer.Body.Contains($"\"{run}\"", StringComparison.Ordinal) || !ledger.Dates.Any(d => d.Value.Runs.ContainsKey(run)))
            {
                findings.Report(Invariant, $"{answer.Id} was answered {answer.Body}, but the run that it made is {run}, or is not there");
            }
        }
    }

    private static Dictionary<string, StoredReply> StoredIn(IReadOnlyList<WalTransaction> transactions)
    {
        var stored = new Dictionary<string, StoredReply>(StringComparer.Ordinal);
        foreach (var row in transactions.SelectMany(t => t.Changes).OfType<WalChange.Put>().Where(p => p.Table == "request" && p.Values["status"] is not null))
        {
            stored.TryAdd(row.Values.Text("id"), new StoredReply(
                Enum.Parse<ReplyStatus>(row.Values.Text("status")), row.Values["body"] is null ? null : row.Values.Bytes("body"), row.Values["message"]));
        }

        return stored;
    }
}
