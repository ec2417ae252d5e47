namespace Latecomer.Node.Devices;

/// <summary>The devices that people are imagined to own.</summary>
internal static class DeviceFamilies
{
    private static readonly string[] Android = ["Android 10", "Android 11", "Android 12", "Android 12L", "Android 13", "Android 14"];
    private static readonly string[] IOs = ["iOS 15.8", "iOS 16.4", "iOS 16.7", "iOS 17.0", "iOS 17.2"];
    private static readonly string[] MacOs = ["macOS Big Sur", "macOS Monterey", "macOS Ventura", "macOS Sonoma"];
    private static readonly string[] OnPc = ["Ubuntu 20.04", "Ubuntu 22.04", "Debian 12", "Windows 10", "Windows 11"];

    /// <summary>Each family with its models and the versions that run on them.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        new("galaxy", ["Galaxy A54", "Galaxy S21 Ultra", "Galaxy S23", "Galaxy Tab S8", "Galaxy Z Flip 4"], Android),
        new("htc", ["HTC Desire 22 Pro", "HTC U20 5G", "HTC Wildfire E3"], Android),
        new("iphone", ["iPhone 11", "iPhone 12 mini", "iPhone 13 Pro", "iPhone 14 Plus", "iPhone 15"], IOs),
        new("lenovo", ["ThinkPad T14 Gen 4", "ThinkPad X1 Carbon", "Yoga Slim 7"], OnPc),
        new("lg", ["LG G8X ThinQ", "LG Velvet", "LG Wing"], Android),
        new("mac", ["iMac 24-inch", "MacBook Air 13-inch", "MacBook Pro 14-inch", "Mac mini"], MacOs),
        new("pixel", ["Pixel 6a", "Pixel 7 Pro", "Pixel 8", "Pixel Fold"], Android),
    ];

    /// <summary>A family of devices.</summary>
    internal sealed record Family(string Type, IReadOnlyList<string> Models, IReadOnlyList<string> Versions);
}
