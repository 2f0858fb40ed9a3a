# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Untested. nix-build packaging/nix
{ pkgs ? import <nixpkgs> { } }:

pkgs.stdenv.mkDerivation {
  pname = "pixfer";
  version = "0.2.0";
  src = pkgs.lib.cleanSource ../..;

  nativeBuildInputs = [ pkgs.cmake pkgs.pkg-config ];
  buildInputs = [
    pkgs.ffmpeg
    pkgs.jansson
    pkgs.libyuv
  ] ++ pkgs.lib.optionals pkgs.stdenv.isLinux [ pkgs.gst_all_1.gstreamer pkgs.gst_all_1.gst-plugins-base ];

  postPatch = "patchShebangs packaging/completions";
  cmakeFlags = [
    "-DPIXFER_TESTS=OFF"
    "-DPIXFER_EXPORTER=ON"
    "-DPIXFER_TOOL=ON"
  ];

  meta = {
    description = "Exact RGBA to NV12 conversion and H.264 export at the encoder's own speed";
    license = pkgs.lib.licenses.mit;
    platforms = pkgs.lib.platforms.unix;
    mainProgram = "pixfer";
  };
}
