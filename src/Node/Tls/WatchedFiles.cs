using Latecomer.Node.Cli;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Tls;

/// <summary>What files mean, as they are now: they are looked at again when they are needed, at most once a second. If they become wrong, what they meant before
/// stays, and the log says so once for each change.</summary>
/// <typeparam name="T">What they mean.</typeparam>
internal sealed partial class WatchedFiles<T>
    where T : class
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<PemFile> _files;
    private readonly Func<IReadOnlyList<string>, T> _read;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private IReadOnlyList<string> _texts;
    private string _unreadable = "";
    private T _current;
    private long _looked;

    /// <summary>Reads them.</summary>
    /// <exception cref="Refusal">They are wrong.</exception>
    public WatchedFiles(IReadOnlyList<PemFile> files, Func<IReadOnlyList<string>, T> read, TimeProvider time, ILogger log)
    {
        (_files, _read, _time, _log) = (files, read, time, log);
        _texts = Texts();
        _current = read(_texts);
        _looked = time.GetTimestamp();
    }

    /// <summary>What they mean now. The same object until they change.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_looked) >= Pause)
                {
                    _looked = _time.GetTimestamp();
                    LookAgain();
                }

                return _current;
            }
        }
    }

    private string[] Texts() => [.. _files.Select(f => f.Text())];

    private void LookAgain()
    {
        try
        {
            var texts = Texts();
            _unreadable = "";
            if (!texts.SequenceEqual(_texts, StringComparer.Ordinal))
            {
                _texts = texts;
                _current = _read(texts);
                LogChanged(_log, string.Join(", ", _files.Select(f => f.Path)));
            }
        }
        catch (Refusal refusal)
        {
            // Such as a certificate that was replaced a moment before its key.
            if (_unreadable != refusal.Message)
            {
                LogKept(_log, refusal.Message);
            }

            _unreadable = refusal.Message;
        }
    }

    [LoggerMessage(120, LogLevel.Information, "From now on there holds what is new in {Files}")]
    private static partial void LogChanged(ILogger logger, string files);

    [LoggerMessage(121, LogLevel.Error, "A file of TLS became wrong, and what it said before still holds: {Reason}")]
    private static partial void LogKept(ILogger logger, string reason);
}
