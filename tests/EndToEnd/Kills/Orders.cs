using System.Text.Json.Nodes;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>Pipelines of a day each, whose work does nothing, on a table of orders.</summary>
internal static class Orders
{
    public const string Table = "orders";
    public const string Column = "order_date";

    /// <summary>The request that applies one, under its name as the request's id.</summary>
    public static JsonObject Apply(string name, string date) => new()
    {
        ["requestId"] = $"apply-{name}",
        ["pipeline"] = new JsonObject
        {
            ["name"] = name,
            ["schedule"] = "@daily",
            ["start"] = date,
            ["end"] = date,
            ["configurationFolder"] = $"files/{name}",
            ["inputs"] = new JsonArray(new JsonObject { ["table"] = Table, ["partitionColumn"] = Column }),
            ["work"] = new JsonObject { ["taskId"] = "work", ["command"] = new JsonObject { ["program"] = "true" } },
        },
    };
}
