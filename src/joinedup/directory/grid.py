"""From latitude and longitude to metres of the national grid and back. Pure.

Formulas and constants: Ordnance Survey, A guide to coordinate systems in Great Britain, annexes B and C; the seven-parameter
transformation from WGS84 to OSGB36 is good to about five metres.
"""

from __future__ import annotations

from math import atan2, cos, radians, sin, sqrt, tan

_A, _B, _F0 = 6377563.396, 6356256.909, 0.9996012717
_LAT0, _LON0, _N0, _E0 = radians(49), radians(-2), -100000.0, 400000.0
_WGS_A, _WGS_B = 6378137.0, 6356752.3142
_SHIFT = (-446.448, 125.157, -542.060)
_TURN = tuple(radians(each / 3600) for each in (-0.1502, -0.2470, -0.8421))
_SCALE = 20.4894e-6


def grid_of(latitude: float, longitude: float) -> tuple[int, int] | None:
    """Easting and northing in whole metres; None outside Great Britain and the sea around it."""
    if not (49 < latitude < 61.5 and -9.5 < longitude < 2.5):
        return None
    lat, lon = _to_osgb(radians(latitude), radians(longitude))
    n = (_A - _B) / (_A + _B)
    e2 = 1 - (_B * _B) / (_A * _A)
    nu = _A * _F0 / sqrt(1 - e2 * sin(lat) ** 2)
    rho = _A * _F0 * (1 - e2) * (1 - e2 * sin(lat) ** 2) ** -1.5
    eta2 = nu / rho - 1
    m = _meridional(lat, n)
    t2 = tan(lat) ** 2
    i = m + _N0
    ii = nu / 2 * sin(lat) * cos(lat)
    iii = nu / 24 * sin(lat) * cos(lat) ** 3 * (5 - t2 + 9 * eta2)
    iiia = nu / 720 * sin(lat) * cos(lat) ** 5 * (61 - 58 * t2 + t2 * t2)
    iv = nu * cos(lat)
    v = nu / 6 * cos(lat) ** 3 * (nu / rho - t2)
    vi = nu / 120 * cos(lat) ** 5 * (5 - 18 * t2 + t2 * t2 + 14 * eta2 - 58 * t2 * eta2)
    d = lon - _LON0
    return round(_E0 + iv * d + v * d**3 + vi * d**5), round(i + ii * d**2 + iii * d**4 + iiia * d**6)


def _meridional(lat: float, n: float) -> float:
    less, more = lat - _LAT0, lat + _LAT0
    return (_B * _F0) * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
        - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
    )


def _to_osgb(lat: float, lon: float) -> tuple[float, float]:
    """The same point on the other ellipsoid."""
    e2 = 1 - (_WGS_B * _WGS_B) / (_WGS_A * _WGS_A)
    nu = _WGS_A / sqrt(1 - e2 * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), (1 - e2) * nu * sin(lat)
    s, (rx, ry, rz) = 1 + _SCALE, _TURN
    x2 = _SHIFT[0] + s * x - rz * y + ry * z
    y2 = _SHIFT[1] + rz * x + s * y - rx * z
    z2 = _SHIFT[2] - ry * x + rx * y + s * z
    e2, p = 1 - (_B * _B) / (_A * _A), sqrt(x2 * x2 + y2 * y2)
    phi = atan2(z2, p * (1 - e2))
    for _ in range(6):
        nu = _A / sqrt(1 - e2 * sin(phi) ** 2)
        phi = atan2(z2 + e2 * nu * sin(phi), p)
    return phi, atan2(y2, x2)
