using System.CommandLine;
using Latecomer.Node.Cli;
using Latecomer.Node.Configuration;
using Latecomer.Node.Hosting;
using Latecomer.Node.Tls;
using Latecomer.Runtime;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Node;

/// <summary>What a node is told, and by whom.</summary>
public sealed class NodeSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_flag_comes_before_a_variable_and_both_before_the_file()
    {
        _environment["LATECOMER_CONFIG"] = File("data: of-file\nname: of-file\nlisten: http://127.0.0.1:1\n");
        _environment["LATECOMER_DATA"] = "of-environment";
        _environment["LATECOMER_NAME"] = "of-environment";
        var options = Read("--data", "of-flag");
        (options.Data, options.Name, options.Listen.Port).ShouldBe(("of-flag", "of-environment", 1));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7081/")]
    [InlineData("http://0.0.0.0:8001/", "--listen", "http://0.0.0.0:8000")]
    [InlineData("http://127.0.0.1:0/", "--listen", "http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:0/", "--listen", "http://127.0.0.1:65535")]
    [InlineData("http://127.0.0.1:9/", "--listen", "http://127.0.0.1:0", "--grpc", "http://127.0.0.1:9")]
    public void Grpc_has_the_next_port_unless_it_is_told_another(string grpc, params string[] arguments) =>
        Read(["--data", "d", .. arguments]).GrpcOrNext.ShouldBe(new Uri(grpc));

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 1000, "--listen", "http://0.0.0.0:8000")]
    [InlineData(true, 1000, "--grpc", "http://10.0.0.1:8000")]
    [InlineData(true, 1000, "--tokens", "required")]
    [InlineData(true, 5, "--tokens", "required", "--calls-per-second", "5")]
    [InlineData(true, null, "--tokens", "required", "--calls-per-second", "0")]
    [InlineData(false, null, "--tokens", "off")]
    public void Tokens_are_asked_for_where_others_can_call_or_one_wants_it(bool asked, int? calls, params string[] arguments)
    {
        var options = Read(["--data", "d", .. arguments]);
        (options.AsksForTokens, options.CallsPerSecond).ShouldBe((asked, calls));
    }

    [Fact]
    public void A_node_that_others_can_call_is_not_open_to_all() =>
        Should.Throw<Refusal>(() => Read("--data", "d", "--tokens", "off", "--listen", "http://0.0.0.0:8000")).Message.ShouldContain("asks for tokens");

    [Fact]
    public void With_a_certificate_all_is_on_one_port()
    {
        _environment["LATECOMER_TLS_KEY"] = "k";
        var options = Read("--data", "d", "--config", File("tls-certificate: c\ntls-client-ca: a\n"));
        options.Tls.ShouldBe(new TlsFiles { Certificate = new PemFile("--tls-certificate", "c"), Key = new PemFile("--tls-key", "k"), ClientCa = new PemFile("--tls-client-ca", "a") });
        (options.Listen, options.GrpcOrNext).ShouldBe((new Uri("https://127.0.0.1:7080"), new Uri("https://127.0.0.1:7080")));
        Refused("--data", "d", "--tls-certificate", "c", "--listen", "http://127.0.0.1:1").ShouldStartWith("--listen: with --tls-certificate that is an address such as https://127.0.0.1:7080");
        Refused("--data", "d", "--tls-certificate", "c", "--grpc", "https://127.0.0.1:1").ShouldBe("--grpc: with TLS one port serves all, that of --listen; leave this out.");
        Refused("--data", "d", "--tls-certificate", "c", "--tls-client", "optional").ShouldBe("--tls-client: callers are asked for certificates only by --tls-client-ca; say that too.");
        Refused("--data", "d").ShouldBe("LATECOMER_TLS_KEY: a key is of no use without its certificate; say --tls-certificate too.");
        _environment.Clear();
        Refused("--data", "d", "--listen", "https://127.0.0.1:1").ShouldBe("--listen: https needs --tls-certificate and --tls-key.");
        Refused("--data", "d", "--tls-client-ca", "a").ShouldStartWith("--tls-client-ca: callers can be asked for certificates only over TLS");
    }

    [Fact]
    public void An_empty_variable_counts_as_none()
    {
        _environment["LATECOMER_STORE"] = "";
        Read("--data", "d").Store.ShouldBeNull();
    }

    [Fact]
    public void A_flag_names_the_file_before_the_variable_does()
    {
        _environment["LATECOMER_CONFIG"] = "not-there";
        Read("--config", File("data: d")).Data.ShouldBe("d");
    }

    [Fact]
    public void A_file_of_comments_says_nothing() => Read("--data", "d", "--config", File("# nothing yet\n")).Nodes.ShouldBe(1);

    [Fact]
    public void An_unknown_key_is_refused_with_its_line()
    {
        var file = File("data: d\nheart-beat: 1s\n");
        Refused("--config", file).ShouldStartWith($"{file}:2:1: the configuration has no key 'heart-beat'; it has data, store,");
    }

    [Fact]
    public void A_wrong_value_in_the_file_is_refused_with_its_line()
    {
        var file = File("data: d\nexpiry: soon\n");
        Refused("--config", file).ShouldStartWith($"{file}:2:9: 'expiry': that is a time such as 500ms");
    }

    [Fact]
    public void A_wrong_variable_is_refused_by_its_name()
    {
        _environment["LATECOMER_LISTEN"] = "nonsense";
        Refused("--data", "d").ShouldStartWith("LATECOMER_LISTEN: that is an address");
    }

    [Fact]
    public void Without_a_data_folder_nothing_is_started() => Refused().ShouldContain("--data DIR, or LATECOMER_DATA");

    [Fact]
    public void A_file_that_is_not_there_is_said() => Refused("--config", "not-there").ShouldContain("not-there cannot be read");

    [Theory]
    [InlineData("1s", "2s")]
    [InlineData("2s", "4s")]
    [InlineData("1m", "4s")]
    public void An_expiry_that_a_late_heartbeat_would_reach_is_refused(string heartbeat, string expiry) =>
        Refused("--data", "d", "--heartbeat", heartbeat, "--expiry", expiry).ShouldStartWith("--expiry: ");

    [Fact]
    public void Times_of_life_are_as_told_and_the_watchdog_barks_before_the_expiry()
    {
        var runtime = Read("--data", "d", "--heartbeat", "200ms", "--expiry", "900ms").Runtime;
        (runtime.Heartbeat, runtime.Lifetime).ShouldBe((TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(900)));
        runtime.WatchdogMargin.ShouldBe(TimeSpan.FromMilliseconds(175));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1s")]
    [InlineData("1h")]
    [InlineData("11m")]
    [InlineData("0s")]
    public void What_is_no_time_is_refused(string text) => Should.Throw<FormatException>(() => SettingText.Time(text));

    [Fact]
    public void Replies_are_kept_for_a_week_and_the_rest_for_three_months()
    {
        var runtime = Read("--data", "d").Runtime;
        (runtime.RepliesKept, runtime.JournalKept, runtime.HistoryKept).ShouldBe((TimeSpan.FromDays(7), TimeSpan.FromDays(90), TimeSpan.FromDays(90)));
        runtime.HousekeepingInterval.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void How_long_things_are_kept_is_told_like_the_rest()
    {
        _environment["LATECOMER_KEEP_JOURNAL"] = "forever";
        var runtime = Read("--data", "d", "--keep-replies", "12h", "--config", File("keep-history: 10s")).Runtime;
        (runtime.RepliesKept, runtime.JournalKept, runtime.HistoryKept).ShouldBe((TimeSpan.FromHours(12), RuntimeSettings.ForEver, TimeSpan.FromSeconds(10)));
        runtime.HousekeepingInterval.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_the_page_on_operations_writes_into_the_file_is_read()
    {
        var page = System.IO.File.ReadAllText(Path.Combine(Checkout.Root, "docs", "operations.md"));
        var yaml = page.Split("```yaml\n")[1].Split("```")[0];
        var runtime = Read("--data", "d", "--config", File(yaml)).Runtime;
        (runtime.RepliesKept, runtime.JournalKept, runtime.HistoryKept).ShouldBe((TimeSpan.FromDays(30), TimeSpan.FromDays(365), RuntimeSettings.ForEver));
    }

    [Fact]
    public void Replies_are_kept_long_enough_to_ask_again()
    {
        Refused("--data", "d", "--keep-replies", "59s").ShouldBe("--keep-replies: replies are kept for a minute at least, or who asks again by the same id would be applied twice.");
        Read("--data", "d", "--keep-replies", "1m").Runtime.RepliesKept.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("90")]
    [InlineData("1.5d")]
    [InlineData("500ms")]
    [InlineData("36501d")]
    [InlineData("2147483647d")]
    [InlineData("never")]
    public void What_is_no_time_to_keep_something_is_refused(string text) =>
        Should.Throw<FormatException>(() => SettingText.Kept(text)).Message.ShouldBe($"that is a time such as 90d, 12h or 30m, at most 36500d, or 'forever', not '{text}'.");

    [Theory]
    [InlineData("../a")]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a b")]
    public void A_name_can_name_a_folder(string text) => Should.Throw<FormatException>(() => NodeName.Parse(text));

    [Fact]
    public void This_machines_name_will_do() => NodeName.Parse(NodeName.OfThisMachine()).Length.ShouldBeGreaterThan(0);

    [Fact]
    public void A_node_that_listens_everywhere_is_reached_by_the_machines_name() =>
        ReachableAddress.Of(advertised: null, new Uri("http://0.0.0.0:71")).ShouldBe(new Uri($"http://{System.Net.Dns.GetHostName()}:71"));

    [Fact]
    public void A_node_is_reached_where_it_says() =>
        ReachableAddress.Of(new Uri("http://there:1"), new Uri("http://0.0.0.0:71")).ShouldBe(new Uri("http://there:1"));

    private string Refused(params string[] arguments)
    {
        var refusal = Should.Throw<Refusal>(() => Read(arguments));
        refusal.Code.ShouldBe(ExitCode.Usage);
        return refusal.Message;
    }

    private HostOptions Read(params string[] arguments)
    {
        var command = new Command("node");
        foreach (var option in NodeSettings.Options)
        {
            command.Options.Add(option);
        }

        return NodeSettings.Read(command.Parse(arguments), name => _environment.GetValueOrDefault(name));
    }

    private string File(string text)
    {
        var file = Path.Combine(_folder.Path, "node.yaml");
        System.IO.File.WriteAllText(file, text);
        return file;
    }
}
